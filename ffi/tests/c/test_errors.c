/* Every status, its message, and what a failed call leaves behind. */
#include "check.h"

/* Only in libraries built with the feature `panic-call`. */
syntrap_status syntrap_panic(syntrap_stream *stream);

static int says(const char *part)
{
    return strstr(syntrap_message(), part) != NULL;
}

static void no_call_has_failed_yet(void)
{
    CHECK(strcmp(syntrap_message(), "") == 0);
}

static void null_arguments_are_named(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_verdict verdict = SYNTRAP_BENIGN;
    syntrap_report *report = (syntrap_report *)&verdict;
    syntrap_finding finding;
    syntrap_instruction instruction;
    syntrap_stream *stream;
    syntrap_text text;

    CHECK(syntrap_check(NULL, VALUE("x"), &verdict) == SYNTRAP_NULL_ARGUMENT && says("detector"));
    CHECK(verdict == SYNTRAP_UNDECIDED);
    verdict = SYNTRAP_BENIGN;
    CHECK(syntrap_check(detector, NULL, 1, &verdict) == SYNTRAP_NULL_ARGUMENT && says("data"));
    CHECK(verdict == SYNTRAP_UNDECIDED);
    CHECK(syntrap_check(detector, VALUE("x"), NULL) == SYNTRAP_NULL_ARGUMENT && says("verdict"));

    CHECK(syntrap_scan(NULL, VALUE("x"), &report) == SYNTRAP_NULL_ARGUMENT && says("detector"));
    CHECK(report == NULL);
    CHECK(syntrap_scan(detector, NULL, 1, &report) == SYNTRAP_NULL_ARGUMENT && says("data"));
    CHECK(syntrap_scan(detector, VALUE("x"), NULL) == SYNTRAP_NULL_ARGUMENT && says("report"));

    CHECK(syntrap_detector_new(NULL, NULL) == SYNTRAP_NULL_ARGUMENT && says("detector"));
    CHECK(syntrap_config_new(NULL) == SYNTRAP_NULL_ARGUMENT && says("config"));
    CHECK(syntrap_stream_new(NULL, &stream) == SYNTRAP_NULL_ARGUMENT && stream == NULL);
    CHECK(syntrap_stream_new(detector, NULL) == SYNTRAP_NULL_ARGUMENT && says("stream"));
    CHECK(syntrap_stream_push(NULL, VALUE("x")) == SYNTRAP_NULL_ARGUMENT && says("stream"));
    CHECK(syntrap_stream_finish(NULL, &report) == SYNTRAP_NULL_ARGUMENT && report == NULL);

    CHECK(syntrap_report_verdict(NULL, &verdict) == SYNTRAP_NULL_ARGUMENT && says("report"));
    CHECK(syntrap_report_reason(NULL, &text) == SYNTRAP_NULL_ARGUMENT && text.length == 0);
    CHECK(syntrap_report_finding(NULL, 0, &finding) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_report_instruction(NULL, 0, 0, &instruction) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_report_json(NULL, &text) == SYNTRAP_NULL_ARGUMENT && text.length == 0);

    CHECK(syntrap_language(0, NULL) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_context(0, NULL) == SYNTRAP_NULL_ARGUMENT);
    CHECK(syntrap_effect(0, NULL) == SYNTRAP_NULL_ARGUMENT);
    syntrap_detector_free(detector);
}

static void null_is_nothing_to_free(void)
{
    syntrap_config_free(NULL);
    syntrap_detector_free(NULL);
    syntrap_report_free(NULL);
    syntrap_stream_free(NULL);
}

static void a_limit_is_no_benign_verdict(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_verdict verdict = SYNTRAP_BENIGN;
    syntrap_report *report;
    syntrap_text reason;
    char deep[300];

    memset(deep, '(', sizeof deep);
    CHECK(syntrap_check(detector, deep, sizeof deep, &verdict) == SYNTRAP_LIMIT && says("deeper"));
    CHECK(verdict == SYNTRAP_UNDECIDED);

    OK(syntrap_scan(detector, deep, sizeof deep, &report));
    CHECK(verdict_of(report) == SYNTRAP_UNDECIDED);
    OK(syntrap_report_reason(report, &reason));
    CHECK(is(reason, "too-deep"));
    syntrap_report_free(report);
    syntrap_detector_free(detector);
}

static void a_length_that_nothing_can_have_is_refused(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_verdict verdict;

    CHECK(syntrap_check(detector, "x", (size_t)-1, &verdict) == SYNTRAP_LIMIT && says("length"));
    CHECK(verdict == SYNTRAP_UNDECIDED);
    syntrap_detector_free(detector);
}

static void a_panic_becomes_a_status(void)
{
    CHECK(syntrap_panic(NULL) == SYNTRAP_PANIC && says("as asked"));
}

static void a_stream_that_a_panic_broke_can_only_be_freed(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_stream *stream;
    syntrap_report *report;

    OK(syntrap_stream_new(detector, &stream));
    OK(syntrap_stream_push(stream, VALUE("1")));
    CHECK(syntrap_panic(stream) == SYNTRAP_PANIC);
    CHECK(syntrap_stream_push(stream, VALUE("1")) == SYNTRAP_BAD_STATE && says("panic"));
    CHECK(syntrap_stream_finish(stream, &report) == SYNTRAP_BAD_STATE && report == NULL);
    syntrap_stream_free(stream);
    syntrap_detector_free(detector);
}

static void the_end_of_a_list_is_out_of_range(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_report *report;
    syntrap_finding finding;
    syntrap_instruction instruction;

    OK(syntrap_scan(detector, VALUE(ATTACK), &report));
    CHECK(syntrap_report_finding(report, (size_t)-1, &finding) == SYNTRAP_OUT_OF_RANGE);
    CHECK(syntrap_report_instruction(report, (size_t)-1, 0, &instruction) == SYNTRAP_OUT_OF_RANGE);
    CHECK(syntrap_report_instruction(report, 0, (size_t)-1, &instruction) == SYNTRAP_OUT_OF_RANGE);
    CHECK(says("index"));
    syntrap_report_free(report);
    syntrap_detector_free(detector);
}

static void a_call_that_succeeds_keeps_the_last_message(void)
{
    syntrap_detector *detector;
    CHECK(syntrap_config_new(NULL) == SYNTRAP_NULL_ARGUMENT);
    OK(syntrap_detector_new(NULL, &detector));
    CHECK(says("config"));
    syntrap_detector_free(detector);
}

int main(void)
{
    RUN(no_call_has_failed_yet);
    RUN(null_arguments_are_named);
    RUN(null_is_nothing_to_free);
    RUN(a_limit_is_no_benign_verdict);
    RUN(a_length_that_nothing_can_have_is_refused);
    RUN(a_panic_becomes_a_status);
    RUN(a_stream_that_a_panic_broke_can_only_be_freed);
    RUN(the_end_of_a_list_is_out_of_range);
    RUN(a_call_that_succeeds_keeps_the_last_message);
    return 0;
}
