/* Configuration: each field right, each field wrong. */
#include "check.h"

static syntrap_config *new_config(void)
{
    syntrap_config *config;
    OK(syntrap_config_new(&config));
    return config;
}

/* The verdict of a detector with this configuration, which is freed. */
static syntrap_verdict with(syntrap_config *config, const char *value)
{
    syntrap_detector *detector;
    syntrap_verdict verdict;
    OK(syntrap_detector_new(config, &detector));
    syntrap_config_free(config);
    verdict = check(detector, value, strlen(value));
    syntrap_detector_free(detector);
    return verdict;
}

static void languages_are_chosen_by_name(void)
{
    syntrap_config *config = new_config();
    OK(syntrap_config_languages(config, VALUE("shell")));
    CHECK(with(config, ATTACK) == SYNTRAP_BENIGN);

    config = new_config();
    OK(syntrap_config_languages(config, VALUE(" shell,\tsql ,")));
    CHECK(with(config, ATTACK) == SYNTRAP_ATTACK);
}

static void contexts_are_chosen_by_name(void)
{
    syntrap_config *config = new_config();
    OK(syntrap_config_contexts(config, VALUE("sql-single-quoted")));
    CHECK(with(config, "7 or 3=3") == SYNTRAP_BENIGN);

    config = new_config();
    OK(syntrap_config_contexts(config, VALUE("sql-single-quoted sql-value")));
    CHECK(with(config, "7 or 3=3") == SYNTRAP_ATTACK);
}

static void policies_are_chosen_by_name(void)
{
    syntrap_config *config = new_config();
    OK(syntrap_config_policy(config, VALUE("lax")));
    CHECK(with(config, "7 or 3=3") == SYNTRAP_BENIGN);

    config = new_config();
    OK(syntrap_config_policy(config, VALUE("strict")));
    CHECK(with(config, "select name from users where id = 3") == SYNTRAP_ATTACK);
    CHECK(with(new_config(), "select name from users where id = 3") == SYNTRAP_BENIGN);
}

static void effects_are_forbidden_by_name(void)
{
    syntrap_config *config = new_config();
    OK(syntrap_config_forbid_command(config, NULL, 0));
    CHECK(with(config, "drop table users") == SYNTRAP_BENIGN);

    config = new_config();
    OK(syntrap_config_forbid_injection(config, VALUE("destroy, delay")));
    OK(syntrap_config_contexts(config, VALUE("sql-value")));
    CHECK(with(config, "7 or 3=3") == SYNTRAP_BENIGN);
}

static void a_program_that_is_added_is_a_command(void)
{
    static const char value[] = "x; deployctl --now";
    syntrap_config *config = new_config();
    OK(syntrap_config_add_program(config, VALUE("backupctl")));
    CHECK(with(config, value) == SYNTRAP_BENIGN);

    config = new_config();
    OK(syntrap_config_add_program(config, VALUE("deployctl")));
    OK(syntrap_config_add_program(config, VALUE("backupctl"))); /* beside the first */
    CHECK(with(config, value) == SYNTRAP_ATTACK);
}

static void a_deeper_limit_decides_deeper_values(void)
{
    syntrap_config *config = new_config();
    char deep[301];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    OK(syntrap_config_languages(config, VALUE("sql")));
    OK(syntrap_config_depth(config, 1024));
    CHECK(with(config, deep) == SYNTRAP_BENIGN);
}

static void a_detector_outlives_its_configuration(void)
{
    syntrap_config *config = new_config();
    syntrap_detector *detector;
    OK(syntrap_config_languages(config, VALUE("sql")));
    OK(syntrap_detector_new(config, &detector));
    OK(syntrap_config_languages(config, VALUE("shell")));
    syntrap_config_free(config);
    CHECK(check(detector, VALUE(ATTACK)) == SYNTRAP_ATTACK);
    syntrap_detector_free(detector);
}

#define BAD(call, part) \
    CHECK((call) == SYNTRAP_BAD_CONFIG && strstr(syntrap_message(), (part)) != NULL)

static void what_is_wrong_is_named_and_changes_nothing(void)
{
    syntrap_config *config = new_config();

    OK(syntrap_config_languages(config, VALUE("sql")));
    BAD(syntrap_config_languages(config, VALUE("sql, klingon")), "klingon");
    BAD(syntrap_config_languages(config, VALUE("SQL")), "SQL");
    BAD(syntrap_config_languages(config, VALUE("sql\0")), "sql");
    BAD(syntrap_config_languages(config, VALUE("")), "no language");
    BAD(syntrap_config_languages(config, VALUE(" ,")), "no language");
    BAD(syntrap_config_languages(config, VALUE("\xff")), "UTF-8");
    BAD(syntrap_config_contexts(config, VALUE("sql-elsewhere")), "sql-elsewhere");
    BAD(syntrap_config_contexts(config, VALUE("sql-value; shell-argument")), "sql-value;");
    BAD(syntrap_config_contexts(config, NULL, 0), "no context");
    BAD(syntrap_config_policy(config, VALUE("loose")), "loose");
    BAD(syntrap_config_policy(config, VALUE("")), "known are");
    BAD(syntrap_config_forbid_injection(config, VALUE("read, shout")), "shout");
    BAD(syntrap_config_forbid_command(config, VALUE("READ")), "READ");
    BAD(syntrap_config_add_program(config, NULL, 0), "no name of a program");
    BAD(syntrap_config_add_program(config, VALUE("bin/deployctl")), "bin/deployctl");
    BAD(syntrap_config_add_program(config, VALUE("deployctl --now")), "deployctl --now");
    BAD(syntrap_config_add_program(config, VALUE("deployctl,backupctl")), "deployctl,backupctl");
    BAD(syntrap_config_add_program(config, VALUE("a-name-of-thirty-three-bytes-long")), "32 bytes");
    BAD(syntrap_config_add_program(config, VALUE("\xff")), "UTF-8");
    BAD(syntrap_config_depth(config, 0), "depth");
    BAD(syntrap_config_token_bytes(config, 0), "bytes");

    CHECK(with(config, ATTACK) == SYNTRAP_ATTACK);
}

static void a_field_of_no_configuration_is_a_null_argument(void)
{
    CHECK(syntrap_config_languages(NULL, VALUE("sql")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_contexts(NULL, VALUE("sql-value")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_policy(NULL, VALUE("lax")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_forbid_injection(NULL, VALUE("read")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_forbid_command(NULL, VALUE("read")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_add_program(NULL, VALUE("deployctl")) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_depth(NULL, 1) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_config_token_bytes(NULL, 1) == SYNTRAP_NULL_ARGUMENT);
}

static void a_configuration_without_a_context_makes_no_detector(void)
{
    syntrap_config *config = new_config();
    syntrap_detector *detector;
    OK(syntrap_config_languages(config, VALUE("shell")));
    OK(syntrap_config_contexts(config, VALUE("sql-value")));
    BAD(syntrap_detector_new(config, &detector), "none of the contexts");
    CHECK(detector == NULL);
    syntrap_config_free(config);
}

int main(void)
{
    RUN(languages_are_chosen_by_name);
    RUN(contexts_are_chosen_by_name);
    RUN(policies_are_chosen_by_name);
    RUN(effects_are_forbidden_by_name);
    RUN(a_program_that_is_added_is_a_command);
    RUN(a_deeper_limit_decides_deeper_values);
    RUN(a_detector_outlives_its_configuration);
    RUN(what_is_wrong_is_named_and_changes_nothing);
    RUN(a_field_of_no_configuration_is_a_null_argument);
    RUN(a_configuration_without_a_context_makes_no_detector);
    return 0;
}
