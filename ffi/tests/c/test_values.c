/* Values of all shapes: none, empty, with NUL bytes, not UTF-8, very long. */
#include "check.h"

static void an_empty_value_is_benign_with_and_without_a_pointer(void)
{
    syntrap_detector *detector = default_detector();
    syntrap_report *report;

    CHECK(check(detector, NULL, 0) == SYNTRAP_BENIGN);
    CHECK(check(detector, "", 0) == SYNTRAP_BENIGN);
    /* Length 0 means that the pointer is never read. */
    CHECK(check(detector, (const void *)1, 0) == SYNTRAP_BENIGN);

    OK(syntrap_scan(detector, NULL, 0, &report));
    CHECK(verdict_of(report) == SYNTRAP_BENIGN);
    syntrap_report_free(report);
    syntrap_detector_free(detector);
}

static void attacks_and_ordinary_text_are_told_apart(void)
{
    syntrap_detector *detector = default_detector();

    CHECK(check(detector, VALUE(ATTACK)) == SYNTRAP_ATTACK);
    CHECK(check(detector, VALUE("192.0.2.1; tail -n 9 app.log")) == SYNTRAP_ATTACK);
    CHECK(check(detector, VALUE(BENIGN)) == SYNTRAP_BENIGN);
    syntrap_detector_free(detector);
}

static void a_nul_byte_is_data_and_not_the_end(void)
{
    static const char attack_behind_nul[] = "a\0b' UNION SELECT password FROM users -- ";
    static const char name_with_nul[] = "Anna\0Berta";
    syntrap_detector *detector = default_detector();

    CHECK(check(detector, VALUE(attack_behind_nul)) == SYNTRAP_ATTACK);
    CHECK(check(detector, VALUE(name_with_nul)) == SYNTRAP_BENIGN);
    syntrap_detector_free(detector);
}

static void bytes_that_are_no_utf8_are_data(void)
{
    syntrap_detector *detector = default_detector();

    CHECK(check(detector, VALUE("\xff\xfe\x80")) == SYNTRAP_BENIGN);
    CHECK(check(detector, VALUE("\xff' UNION SELECT password FROM users -- ")) == SYNTRAP_ATTACK);
    syntrap_detector_free(detector);
}

static void the_byte_behind_a_value_is_not_read(void)
{
    syntrap_detector *detector = default_detector();
    size_t length = sizeof ATTACK - 1;

    /* Under AddressSanitizer and valgrind a read behind the block ends the test. */
    for (size_t cut = 1; cut <= length; cut++) {
        char *exact = malloc(cut);
        syntrap_verdict verdict;
        CHECK(exact != NULL);
        memcpy(exact, ATTACK, cut);
        OK(syntrap_check(detector, exact, cut, &verdict));
        if (cut >= sizeof "1' UNION SELECT p")
            CHECK(verdict == SYNTRAP_ATTACK);
        free(exact);
    }
    syntrap_detector_free(detector);
}

static void sixteen_megabytes_are_read_to_the_end(void)
{
    static const char line[] = "The parcel, please, to the neighbours on the left.\n";
    const size_t length = (size_t)16 << 20;
    syntrap_detector *detector = default_detector();
    char *value = malloc(length);

    CHECK(value != NULL);
    for (size_t at = 0; at < length; at++)
        value[at] = line[at % (sizeof line - 1)];
    CHECK(check(detector, value, length) == SYNTRAP_BENIGN);

    memcpy(value + length - (sizeof ATTACK - 1), ATTACK, sizeof ATTACK - 1);
    CHECK(check(detector, value, length) == SYNTRAP_ATTACK);
    free(value);
    syntrap_detector_free(detector);
}

int main(void)
{
    RUN(an_empty_value_is_benign_with_and_without_a_pointer);
    RUN(attacks_and_ordinary_text_are_told_apart);
    RUN(a_nul_byte_is_data_and_not_the_end);
    RUN(bytes_that_are_no_utf8_are_data);
    RUN(the_byte_behind_a_value_is_not_read);
    RUN(sixteen_megabytes_are_read_to_the_end);
    return 0;
}
