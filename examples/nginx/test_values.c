/* The values of a text, whichever way it is cut: `name=value` lines, names themselves as `name`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(EXIT_FAILURE);                                                     \
        }                                                                           \
    } while (0)

static char seen[65536];
static size_t seen_length;
static int new_line;

static int collect(void *stop, const struct values *values, const unsigned char *piece, size_t length, int last)
{
    if (new_line && !values->in_name)
        seen_length += (size_t)snprintf(seen + seen_length, sizeof seen - seen_length, "%.*s=",
                                        (int)values->name_length, values->name);
    CHECK(seen_length + length + 2 < sizeof seen);
    memcpy(seen + seen_length, piece, length);
    seen_length += length;
    new_line = last;
    if (last)
        seen[seen_length++] = '\n';
    seen[seen_length] = '\0';
    return stop != NULL;
}

static const char *read_cut(enum values_format format, const char *boundary, const char *text, size_t length,
                            size_t cut)
{
    struct values values;
    seen_length = 0;
    seen[0] = '\0';
    new_line = 1;
    CHECK(values_init(&values, format, (const unsigned char *)boundary, strlen(boundary), collect, NULL));
    values_feed(&values, (const unsigned char *)text, cut);
    values_feed(&values, (const unsigned char *)text + cut, length - cut);
    values_finish(&values);
    return seen;
}

static void expect(enum values_format format, const char *boundary, const char *text, const char *expected)
{
    for (size_t cut = 0; cut <= strlen(text); cut++) {
        const char *found = read_cut(format, boundary, text, strlen(text), cut);
        if (strcmp(found, expected) != 0) {
            fprintf(stderr, "%s, cut at %zu:\n%s", text, cut, found);
            exit(EXIT_FAILURE);
        }
    }
}

int main(void)
{
    struct values values;
    static char long_value[5000];

    expect(VALUES_FORM, "", "a=1&b=x+y%27z&c", "a\na=1\nb\nb=x y'z\nc\n");
    expect(VALUES_FORM, "", "", "");
    expect(VALUES_FORM, "", "=&&a==b%3d", "a\na==b=\n");
    expect(VALUES_FORM, "", "a=100%&b=%4&c=%zz", "a\na=100%\nb\nb=%4\nc\nc=%zz\n");

    expect(VALUES_JSON, "", "{\"a\": \"x\\n\\u0027\\ud83d\\ude00\", \"b\": [1, {\"c\": true}, \"y\"], \"d\": null}",
           "a\na=x\n'\xf0\x9f\x98\x80\nb\nb=1\nc\nc=true\nc=y\nd\nd=null\n");
    expect(VALUES_JSON, "", "\"alone\"", "=alone\n");
    expect(VALUES_JSON, "", "{\"a\": 1 or 2=2, \"b\": \"open", "a\na=1 or 2=2\nb\nb=open\n");
    expect(VALUES_JSON, "", "\"\\ud83d-\\u00e9\"", "=\xef\xbf\xbd-\xc3\xa9\n");

    expect(VALUES_MULTIPART, "B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--Cy\r\n--B\r\n"
                                  "content-disposition: form-data; filename=\"f'.txt\"; name=b\r\n"
                                  "Content-Type: text/plain\r\n\r\ncontent\r\n--B--\r\nepilogue",
           "a\na=x\r\n--Cy\nb\nb=f'.txt\n");
    expect(VALUES_MULTIPART, "B", "preamble\n--B\nContent-Disposition: form-data; name=\"a\\\"b\"\n\nx\n--B--",
           "a\"b\na\"b=x\n");
    expect(VALUES_MULTIPART, "B", "--B\r\nX: y\r\n\r\n--B\r\n\r\ncut off\r", "=cut off\r\n");

    CHECK(!values_init(&values, VALUES_MULTIPART, (const unsigned char *)"", 0, collect, NULL));
    CHECK(!values_init(&values, VALUES_MULTIPART, (const unsigned char *)long_value, 77, collect, NULL));

    /* A long value comes in pieces and whole. */
    memset(long_value, 'x', sizeof long_value);
    memcpy(long_value, "a=", 2);
    CHECK(strlen(read_cut(VALUES_FORM, "", long_value, sizeof long_value, 100)) == 2 + 2 + 4998 + 1);

    /* A sink that has enough is not asked again. */
    seen_length = 0;
    CHECK(values_init(&values, VALUES_FORM, NULL, 0, collect, &values));
    CHECK(values_feed(&values, (const unsigned char *)"a=b&c=d", 7) != 0);
    CHECK(values_finish(&values) != 0 && strcmp(seen, "a\n") == 0);

    puts("ok values");
    return 0;
}
