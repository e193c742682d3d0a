/* Syntrap's drop-in for libinjection: the calls with a state that the caller allocates.
 *
 *     struct libinjection_sqli_state state;
 *     libinjection_sqli_init(&state, value, length, FLAG_NONE);
 *     if (libinjection_is_sqli(&state)) { ... state.fingerprint ... }
 */
#ifndef LIBINJECTION_SQLI_H
#define LIBINJECTION_SQLI_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the value would be quoted and in which SQL. Syntrap tries all, whichever is asked for. */
enum sqli_flags {
    FLAG_NONE = 0,
    FLAG_QUOTE_NONE = 1,
    FLAG_QUOTE_SINGLE = 2,
    FLAG_QUOTE_DOUBLE = 4,
    FLAG_SQL_ANSI = 8,
    FLAG_SQL_MYSQL = 16
};

/* What a lookup is asked about. Syntrap asks about fingerprints only. */
enum lookup_type {
    LOOKUP_WORD = 1,
    LOOKUP_TYPE = 2,
    LOOKUP_OPERATOR = 3,
    LOOKUP_FINGERPRINT = 4
};

/* Never filled. */
struct libinjection_sqli_token {
    size_t pos;
    size_t len;
    int count;
    char type;
    char str_open;
    char str_close;
    char val[32];
};

typedef struct libinjection_sqli_token stoken_t;

struct libinjection_sqli_state;

/* Has the last word on a finding: 'X' confirms it. */
typedef char (*ptr_lookup_fn)(struct libinjection_sqli_state *state, int lookup_type, const char *word,
                              size_t length);

struct libinjection_sqli_state {
    const char *s;                              /* the value, which must stay while it is asked about */
    size_t slen;                                /* its length */
    ptr_lookup_fn lookup;                       /* see libinjection_sqli_callback */
    void *userdata;                             /* for the lookup */
    int flags;                                  /* as given */
    size_t pos;                                 /* 0 */
    struct libinjection_sqli_token tokenvec[8]; /* never filled */
    struct libinjection_sqli_token *current;    /* the first of them */
    char fingerprint[8];                        /* what was found, or "" */
    int reason;                                 /* this and all below: 0 */
    int stats_comment_ddw;
    int stats_comment_ddx;
    int stats_comment_c;
    int stats_comment_hash;
    int stats_folds;
    int stats_tokens;
};

typedef struct libinjection_sqli_state sfilter;

/* Sets a state up for a value. */
void libinjection_sqli_init(struct libinjection_sqli_state *state, const char *s, size_t slen, int flags);

/* Sets a state up for the same value again; the lookup stays. */
void libinjection_sqli_reset(struct libinjection_sqli_state *state, int flags);

/* Lets a function have the last word on what is found; NULL takes it back. */
void libinjection_sqli_callback(struct libinjection_sqli_state *state, ptr_lookup_fn lookup, void *userdata);

/* 1 if the value is an SQL injection in any context, else 0. */
int libinjection_is_sqli(struct libinjection_sqli_state *state);

#ifdef __cplusplus
}
#endif

#endif
