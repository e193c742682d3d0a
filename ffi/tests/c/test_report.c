/* The report: findings, instructions, JSON, and how long it lives. */
#include "check.h"

static syntrap_report *scan(const char *value)
{
    syntrap_detector *detector = default_detector();
    syntrap_report *report;
    OK(syntrap_scan(detector, value, strlen(value), &report));
    syntrap_detector_free(detector); /* every test here reads a report that outlives its detector */
    return report;
}

static uint32_t bit(const char *effect)
{
    syntrap_effect_info info;
    for (size_t i = 0; syntrap_effect(i, &info) == SYNTRAP_OK; i++)
        if (is(info.name, effect))
            return info.bit;
    CHECK(!"such an effect");
    return 0;
}

static void a_finding_tells_where_and_what(void)
{
    syntrap_report *report = scan(ATTACK);
    syntrap_finding finding;

    CHECK(verdict_of(report) == SYNTRAP_ATTACK);
    OK(syntrap_report_finding(report, 0, &finding));
    CHECK(is(finding.language, "sql"));
    CHECK(is(finding.context, "sql-single-quoted"));
    CHECK(finding.dialect.length > 0);
    CHECK(finding.kind == SYNTRAP_INJECTION);
    CHECK(finding.effects & bit("read"));
    CHECK(finding.effects & bit("truncate"));
    CHECK(!(finding.effects & bit("destroy")));
    CHECK(finding.begin < finding.end && finding.end <= sizeof ATTACK - 1);
    syntrap_report_free(report);
}

static void instructions_are_parts_of_the_value(void)
{
    syntrap_report *report = scan(ATTACK);
    syntrap_finding finding;
    syntrap_instruction instruction;
    size_t i, seen = 0;

    OK(syntrap_report_finding(report, 0, &finding));
    CHECK(finding.instructions > 0);
    for (i = 0; syntrap_report_instruction(report, 0, i, &instruction) == SYNTRAP_OK; i++) {
        CHECK(instruction.begin < instruction.end && instruction.end <= sizeof ATTACK - 1);
        if (is(instruction.kind, "set operation")) {
            CHECK(memcmp(ATTACK + instruction.begin, VALUE("SELECT password")) == 0);
            CHECK(instruction.effects & bit("read"));
            seen++;
        }
    }
    CHECK(i == finding.instructions);
    CHECK(seen == 1);
    syntrap_report_free(report);
}

static void all_findings_are_enumerated(void)
{
    syntrap_report *report = scan("drop table users");
    syntrap_finding finding;
    size_t commands = 0;

    for (size_t i = 0; syntrap_report_finding(report, i, &finding) == SYNTRAP_OK; i++)
        commands += finding.kind == SYNTRAP_COMMAND;
    CHECK(commands == 1);
    syntrap_report_free(report);
}

static void a_benign_value_has_no_finding(void)
{
    syntrap_report *report = scan(BENIGN);
    syntrap_finding finding;
    syntrap_text reason, json;

    CHECK(verdict_of(report) == SYNTRAP_BENIGN);
    CHECK(syntrap_report_finding(report, 0, &finding) == SYNTRAP_OUT_OF_RANGE);
    OK(syntrap_report_reason(report, &reason));
    CHECK(reason.length == 0 && reason.data != NULL);
    OK(syntrap_report_json(report, &json));
    CHECK(is(json, "{\"verdict\":\"benign\",\"findings\":[]}"));
    syntrap_report_free(report);
}

static void json_has_the_whole_report_and_ends_with_nul(void)
{
    syntrap_report *report = scan(ATTACK);
    syntrap_text json, again;

    OK(syntrap_report_json(report, &json));
    CHECK(json.data[json.length] == '\0' && strlen(json.data) == json.length);
    CHECK(strncmp(json.data, VALUE("{\"verdict\":\"attack\",\"findings\":[{")) == 0);
    CHECK(strstr(json.data, "\"context\":\"sql-single-quoted\"") != NULL);
    CHECK(strstr(json.data, "\"kind\":\"set operation\"") != NULL);
    OK(syntrap_report_json(report, &again));
    CHECK(again.data == json.data);
    syntrap_report_free(report);
}

int main(void)
{
    RUN(a_finding_tells_where_and_what);
    RUN(instructions_are_parts_of_the_value);
    RUN(all_findings_are_enumerated);
    RUN(a_benign_value_has_no_finding);
    RUN(json_has_the_whole_report_and_ends_with_nul);
    return 0;
}
