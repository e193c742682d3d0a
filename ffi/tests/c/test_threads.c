/* One detector, one report and many threads. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 8, ROUNDS = 2000 };

struct shared {
    const syntrap_detector *detector;
    const syntrap_report *report;
};

static void *work(void *argument)
{
    const struct shared *shared = argument;
    const syntrap_detector *detector = shared->detector;
    syntrap_text json;

    /* The messages of other threads are not seen here. */
    CHECK(strcmp(syntrap_message(), "") == 0);
    for (int round = 0; round < ROUNDS; round++) {
        syntrap_verdict verdict;
        syntrap_report *report;
        CHECK(check(detector, VALUE(ATTACK)) == SYNTRAP_ATTACK);
        CHECK(check(detector, VALUE(BENIGN)) == SYNTRAP_BENIGN);
        if (round % 16 == 0) {
            syntrap_stream *stream;
            OK(syntrap_stream_new(detector, &stream));
            OK(syntrap_stream_push(stream, VALUE(ATTACK)));
            OK(syntrap_stream_finish(stream, &report));
            CHECK(verdict_of(report) == SYNTRAP_ATTACK);
            syntrap_report_free(report);
            syntrap_stream_free(stream);
        }
        OK(syntrap_scan(detector, VALUE(ATTACK), &report));
        CHECK(verdict_of(report) == SYNTRAP_ATTACK);
        syntrap_report_free(report);
        CHECK(syntrap_check(NULL, NULL, 0, &verdict) == SYNTRAP_NULL_ARGUMENT);
        CHECK(strstr(syntrap_message(), "detector") != NULL);
    }
    OK(syntrap_report_json(shared->report, &json));
    return (void *)json.data;
}

static void eight_threads_share_a_detector_and_a_report(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_report *report;
    pthread_t threads[THREADS];
    void *json[THREADS];

    OK(syntrap_scan(detector, VALUE(ATTACK), &report));
    struct shared shared = {detector, report};
    CHECK(syntrap_config_new(NULL) == SYNTRAP_NULL_ARGUMENT);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, work, &shared) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], &json[i]) == 0);
    for (int i = 1; i < THREADS; i++)
        CHECK(json[i] == json[0]);
    CHECK(strstr(syntrap_message(), "config") != NULL);
    syntrap_report_free(report);
    syntrap_detector_free(detector);
}

static void *make(void *argument)
{
    (void)argument;
    return default_detector();
}

static void an_object_may_move_to_another_thread(void)
{
    pthread_t thread;
    void *detector;
    CHECK(pthread_create(&thread, NULL, make, NULL) == 0);
    CHECK(pthread_join(thread, &detector) == 0);
    CHECK(check(detector, VALUE(ATTACK)) == SYNTRAP_ATTACK);
    syntrap_detector_free(detector);
}

int main(void)
{
    RUN(eight_threads_share_a_detector_and_a_report);
    RUN(an_object_may_move_to_another_thread);
    return 0;
}
