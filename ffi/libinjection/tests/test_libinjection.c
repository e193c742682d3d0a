/* The drop-in's calls and layout, as a program that was built against libinjection sees them. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libinjection.h"
#include "libinjection_sqli.h"
#include "libinjection_xss.h"

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);     \
            exit(EXIT_FAILURE);                                                         \
        }                                                                               \
    } while (0)

#define RUN(test)                 \
    do {                          \
        test();                   \
        printf("ok %s\n", #test); \
    } while (0)

#define VALUE(literal) (literal), sizeof(literal) - 1

#define ATTACK "x' union select login, secret from accounts -- "
#define BENIGN "O'Brien and Sons"

#if defined(__x86_64__) && !defined(__ILP32__)
static void the_layout_is_libinjections(void)
{
    CHECK(sizeof(struct libinjection_sqli_state) == 544);
    CHECK(sizeof(struct libinjection_sqli_token) == 56);
    CHECK(offsetof(struct libinjection_sqli_state, lookup) == 16);
    CHECK(offsetof(struct libinjection_sqli_state, flags) == 32);
    CHECK(offsetof(struct libinjection_sqli_state, pos) == 40);
    CHECK(offsetof(struct libinjection_sqli_state, tokenvec) == 48);
    CHECK(offsetof(struct libinjection_sqli_state, fingerprint) == 504);
    CHECK(offsetof(struct libinjection_sqli_state, reason) == 512);
}
#endif

static void the_version_says_who_answers(void)
{
    CHECK(strcmp(libinjection_version(), "syntrap-" SYNTRAP_PACKAGE_VERSION) == 0);
}

static void an_injection_has_a_fingerprint_and_a_name_has_none(void)
{
    char fingerprint[8];
    memset(fingerprint, '?', sizeof fingerprint);
    CHECK(libinjection_sqli(VALUE(ATTACK), fingerprint) == 1);
    CHECK(strcmp(fingerprint, "sq:rt") == 0);
    CHECK(libinjection_sqli(VALUE(BENIGN), fingerprint) == 0);
    CHECK(strcmp(fingerprint, "") == 0);
}

static void nothing_is_written_behind_a_fingerprint(void)
{
    char room[16];
    memset(room, '?', sizeof room);
    CHECK(libinjection_sqli(VALUE("1; drop table a; select load_file('x'), sleep(9)"), room) == 1);
    CHECK(strlen(room) <= 7);
    for (size_t i = 8; i < sizeof room; i++)
        CHECK(room[i] == '?');
}

static void null_and_empty_values_are_benign(void)
{
    char fingerprint[8] = "?";
    CHECK(libinjection_sqli(NULL, 0, fingerprint) == 0 && fingerprint[0] == '\0');
    CHECK(libinjection_sqli(NULL, 7, fingerprint) == 0);
    CHECK(libinjection_sqli("", 0, fingerprint) == 0);
    CHECK(libinjection_sqli(VALUE(ATTACK), NULL) == 1);
    CHECK(libinjection_xss(NULL, 0) == 0);
    CHECK(libinjection_is_xss(NULL, 0, 0) == 0);
}

static void a_limit_is_reported(void)
{
    char deep[300], fingerprint[8];
    memset(deep, '(', sizeof deep);
    CHECK(libinjection_sqli(deep, sizeof deep, fingerprint) == 1);
    CHECK(strcmp(fingerprint, "limit") == 0);
    /* no object is as long as that: nothing of it is read */
    CHECK(libinjection_sqli("x", SIZE_MAX, fingerprint) == 1);
    CHECK(strcmp(fingerprint, "limit") == 0);
    CHECK(libinjection_xss("x", SIZE_MAX) == 1);
}

static void a_state_answers_as_often_as_it_is_asked(void)
{
    struct libinjection_sqli_state state;
    memset(&state, 0xa5, sizeof state);
    libinjection_sqli_init(&state, VALUE(ATTACK), FLAG_NONE);
    CHECK(state.slen == sizeof ATTACK - 1 && state.flags == (FLAG_QUOTE_NONE | FLAG_SQL_ANSI));
    CHECK(state.current == state.tokenvec && state.fingerprint[0] == '\0');
    for (int i = 0; i < 3; i++) {
        CHECK(libinjection_is_sqli(&state) == 1);
        CHECK(strcmp(state.fingerprint, "sq:rt") == 0);
    }
    libinjection_sqli_reset(&state, FLAG_QUOTE_SINGLE | FLAG_SQL_MYSQL);
    CHECK(state.fingerprint[0] == '\0' && state.flags == (FLAG_QUOTE_SINGLE | FLAG_SQL_MYSQL));
    CHECK(libinjection_is_sqli(&state) == 1);

    libinjection_sqli_init(&state, VALUE(BENIGN), FLAG_NONE);
    CHECK(libinjection_is_sqli(&state) == 0 && state.fingerprint[0] == '\0');
}

struct seen {
    char answer;
    int calls;
    char word[8];
};

static char lookup(struct libinjection_sqli_state *state, int lookup_type, const char *word, size_t length)
{
    struct seen *seen = state->userdata;
    CHECK(lookup_type == LOOKUP_FINGERPRINT && length < sizeof seen->word && word[length] == '\0');
    memcpy(seen->word, word, length + 1);
    seen->calls++;
    return seen->answer;
}

static void a_lookup_has_the_last_word_on_a_finding(void)
{
    struct libinjection_sqli_state state;
    struct seen seen = {'\0', 0, ""};

    libinjection_sqli_init(&state, VALUE(ATTACK), FLAG_NONE);
    libinjection_sqli_callback(&state, lookup, &seen);
    CHECK(libinjection_is_sqli(&state) == 0 && seen.calls == 1);
    CHECK(strcmp(seen.word, "sq:rt") == 0);
    seen.answer = 'X';
    libinjection_sqli_reset(&state, FLAG_NONE); /* keeps the lookup */
    CHECK(libinjection_is_sqli(&state) == 1 && seen.calls == 2);
    libinjection_sqli_callback(&state, NULL, &seen);
    CHECK(libinjection_is_sqli(&state) == 1 && seen.calls == 2);
    CHECK(state.userdata == NULL);

    libinjection_sqli_init(&state, VALUE(BENIGN), FLAG_NONE);
    libinjection_sqli_callback(&state, lookup, &seen);
    CHECK(libinjection_is_sqli(&state) == 0 && seen.calls == 2);
}

static void no_state_is_no_crash(void)
{
    libinjection_sqli_init(NULL, NULL, 0, 0);
    libinjection_sqli_reset(NULL, 0);
    libinjection_sqli_callback(NULL, NULL, NULL);
    CHECK(libinjection_is_sqli(NULL) == 0);
}

static void both_calls_about_html_find_script_and_nothing_else(void)
{
    static const struct {
        const char *value;
        int found;
    } rows[] = {
        {"<script>remember(title)</script>", 1},
        {"\" onerror=remember(title) x=\"", 1},
        {BENIGN, 0},
        {"a < b", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(libinjection_xss(rows[i].value, strlen(rows[i].value)) == rows[i].found);
        for (int flags = 0; flags < 5; flags++)
            CHECK(libinjection_is_xss(rows[i].value, strlen(rows[i].value), flags) == rows[i].found);
    }
}

static void *ask(void *unused)
{
    char fingerprint[8];
    (void)unused;
    for (int i = 0; i < 2000; i++) {
        CHECK(libinjection_sqli(VALUE(ATTACK), fingerprint) == 1 && strcmp(fingerprint, "sq:rt") == 0);
        CHECK(libinjection_sqli(VALUE(BENIGN), fingerprint) == 0);
    }
    return NULL;
}

static void threads_may_ask_at_the_same_time_from_the_first_call_on(void)
{
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        CHECK(pthread_create(&threads[i], NULL, ask, NULL) == 0);
    for (int i = 0; i < 8; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

int main(void)
{
    RUN(threads_may_ask_at_the_same_time_from_the_first_call_on);
#if defined(__x86_64__) && !defined(__ILP32__)
    RUN(the_layout_is_libinjections);
#endif
    RUN(the_version_says_who_answers);
    RUN(an_injection_has_a_fingerprint_and_a_name_has_none);
    RUN(nothing_is_written_behind_a_fingerprint);
    RUN(null_and_empty_values_are_benign);
    RUN(a_limit_is_reported);
    RUN(a_state_answers_as_often_as_it_is_asked);
    RUN(a_lookup_has_the_last_word_on_a_finding);
    RUN(no_state_is_no_crash);
    RUN(both_calls_about_html_find_script_and_nothing_else);
    return 0;
}
