/* Syntrap's drop-in for libinjection: the calls about a value.
 *
 * Names and layouts are those of libinjection 3; the answers are Syntrap's. Values are not changed
 * and need no NUL at their end. All calls may be made by many threads at once, each with its own
 * state and fingerprint. What reaches a limit of Syntrap is reported, with the fingerprint "limit".
 */
#ifndef LIBINJECTION_H
#define LIBINJECTION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "syntrap-" and the version of Syntrap. */
const char *libinjection_version(void);

/* 1 if the value is an SQL injection, else 0.
 *
 * fingerprint has room for 8 bytes and receives what was found, or an empty string: two letters of
 * the context, a colon and a letter for each of up to four effects, such as "sq:rt": leaves a
 * single-quoted literal, reads, truncates. */
int libinjection_sqli(const char *s, size_t slen, char fingerprint[]);

/* 1 if the value injects script into HTML, else 0. */
int libinjection_xss(const char *s, size_t slen);

#ifdef __cplusplus
}
#endif

#endif
