/* Takes the values out of a query or a body while it streams in: form, JSON, multipart.
 *
 * Nothing is kept of a value but a small buffer, however long it is. Malformed input is never refused:
 * what cannot be read otherwise is taken as values too, so that it is checked.
 */
#ifndef VALUES_H
#define VALUES_H

#include <stddef.h>

enum {
    VALUES_PIECE = 1024,    /* the longest piece that a sink sees */
    VALUES_NAME = 128,      /* of a name, so many bytes are remembered */
    VALUES_LINE = 1024,     /* of a part's header line, so many bytes are read */
    VALUES_BOUNDARY = 80,   /* RFC 2046 allows 70, and CR LF and two hyphens stand before it */
    VALUES_DEPTH = 1024     /* so many JSON objects and arrays are told apart */
};

enum values_format { VALUES_FORM, VALUES_JSON, VALUES_MULTIPART };

struct values;

/* Receives a value in pieces, the last one with `last`. While `values->in_name` is set, the value is
 * a name itself. Anything but 0 ends the reading. */
typedef int (*values_sink)(void *context, const struct values *values, const unsigned char *piece,
                           size_t length, int last);

struct values {
    values_sink sink;
    void *context;
    enum values_format format;
    int stopped;                        /* what the sink returned */

    unsigned char name[VALUES_NAME];    /* of the value: the key, the field */
    size_t name_length;
    int in_name;
    unsigned char piece[VALUES_PIECE];  /* decoded, not handed over yet */
    size_t piece_length;
    int begun;                          /* a part of the value was handed over */

    int state;
    unsigned digits;                    /* of an escape, read so far */
    unsigned code;
    unsigned surrogate;                 /* the first half of a pair */
    int key_next;
    size_t depth;
    unsigned char objects[VALUES_DEPTH / 8]; /* which of the open brackets are braces */

    unsigned char delimiter[VALUES_BOUNDARY];
    size_t delimiter_length;
    size_t matched;                     /* how much of the delimiter was read */
    int without_cr;                     /* it began with LF */
    int in_part;                        /* what is read is a field's value */
    unsigned char line[VALUES_LINE];
    size_t line_length;
};

/* `boundary` is that of a multipart body, else of length 0. Returns 0 if it is too long or missing. */
int values_init(struct values *values, enum values_format format, const unsigned char *boundary,
                size_t boundary_length, values_sink sink, void *context);

/* The next bytes, and the end. Both return what the sink did, 0 to go on. */
int values_feed(struct values *values, const unsigned char *data, size_t length);
int values_finish(struct values *values);

#endif
