/* Versions, languages, contexts, effects. */
#include "check.h"

static int plain(syntrap_text name)
{
    for (size_t i = 0; i < name.length; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz-", name.data[i]) == NULL)
            return 0;
    return name.length > 0;
}

static void header_and_library_have_one_version(void)
{
    char version[32];
    CHECK(strcmp(syntrap_version(), SYNTRAP_VERSION) == 0);
    snprintf(version, sizeof version, "%d.%d.%d", SYNTRAP_VERSION_MAJOR, SYNTRAP_VERSION_MINOR,
             SYNTRAP_VERSION_PATCH);
    CHECK(strcmp(version, SYNTRAP_VERSION) == 0);
}

/* Each language configures a detector; each has a context. */
static void each_language_can_be_configured(void)
{
    syntrap_text language;
    syntrap_context_info context;
    size_t languages;

    for (languages = 0; syntrap_language(languages, &language) == SYNTRAP_OK; languages++) {
        syntrap_config *config;
        syntrap_detector *detector;
        size_t contexts = 0;
        CHECK(plain(language));
        OK(syntrap_config_new(&config));
        OK(syntrap_config_languages(config, language.data, language.length));
        OK(syntrap_detector_new(config, &detector));
        CHECK(check(detector, VALUE("Anna")) == SYNTRAP_BENIGN);
        syntrap_detector_free(detector);
        syntrap_config_free(config);
        for (size_t i = 0; syntrap_context(i, &context) == SYNTRAP_OK; i++)
            contexts += context.language.length == language.length &&
                        memcmp(context.language.data, language.data, language.length) == 0;
        CHECK(contexts > 0);
    }
    CHECK(languages > 0);
    CHECK(syntrap_language(languages, &language) == SYNTRAP_OUT_OF_RANGE);
}

static void each_context_can_be_configured(void)
{
    syntrap_context_info context;
    size_t contexts;

    for (contexts = 0; syntrap_context(contexts, &context) == SYNTRAP_OK; contexts++) {
        syntrap_config *config;
        syntrap_detector *detector;
        CHECK(plain(context.name));
        CHECK(context.description.length > 0);
        CHECK(context.kind == SYNTRAP_INJECTION || context.kind == SYNTRAP_COMMAND);
        OK(syntrap_config_new(&config));
        OK(syntrap_config_contexts(config, context.name.data, context.name.length));
        OK(syntrap_detector_new(config, &detector));
        CHECK(check(detector, VALUE("Anna")) == SYNTRAP_BENIGN);
        syntrap_detector_free(detector);
        syntrap_config_free(config);
    }
    CHECK(contexts > 0);
}

static void each_effect_is_one_bit_of_its_own(void)
{
    syntrap_effect_info effect;
    uint32_t all = 0;
    for (size_t i = 0; syntrap_effect(i, &effect) == SYNTRAP_OK; i++) {
        syntrap_config *config;
        CHECK(plain(effect.name));
        CHECK(effect.bit != 0 && (effect.bit & (effect.bit - 1)) == 0);
        CHECK((all & effect.bit) == 0);
        all |= effect.bit;
        OK(syntrap_config_new(&config));
        OK(syntrap_config_forbid_injection(config, effect.name.data, effect.name.length));
        OK(syntrap_config_forbid_command(config, effect.name.data, effect.name.length));
        syntrap_config_free(config);
    }
    CHECK(all != 0);
}

int main(void)
{
    RUN(header_and_library_have_one_version);
    RUN(each_language_can_be_configured);
    RUN(each_context_can_be_configured);
    RUN(each_effect_is_one_bit_of_its_own);
    return 0;
}
