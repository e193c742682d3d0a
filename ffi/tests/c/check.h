/* What the tests share: a check that ends the program, and short forms of common calls. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syntrap.h"

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: not so: %s (last message: %s)\n", __FILE__, __LINE__, \
                    #condition, syntrap_message());                                       \
            exit(EXIT_FAILURE);                                                           \
        }                                                                                 \
    } while (0)

#define OK(call) CHECK((call) == SYNTRAP_OK)

#define RUN(test)              \
    do {                       \
        test();                \
        printf("ok %s\n", #test); \
    } while (0)

/* A value without its terminating NUL, as a pointer and a length. */
#define VALUE(literal) (literal), sizeof(literal) - 1

#define ATTACK "1' UNION SELECT password FROM users -- "
#define BENIGN "O'Brien and Sons"

static inline int is(syntrap_text text, const char *expected)
{
    return text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
}

static inline syntrap_detector *default_detector(void)
{
    syntrap_detector *detector;
    OK(syntrap_detector_new(NULL, &detector));
    return detector;
}

static inline syntrap_verdict check(const syntrap_detector *detector, const void *data, size_t length)
{
    syntrap_verdict verdict;
    OK(syntrap_check(detector, data, length, &verdict));
    return verdict;
}

static inline syntrap_verdict verdict_of(const syntrap_report *report)
{
    syntrap_verdict verdict;
    OK(syntrap_report_verdict(report, &verdict));
    return verdict;
}

#endif
