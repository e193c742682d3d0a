/* Syntrap's drop-in for libinjection: HTML. */
#ifndef LIBINJECTION_XSS_H
#define LIBINJECTION_XSS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 1 if the value injects script into HTML, else 0. All places are tried, whichever flags names. */
int libinjection_is_xss(const char *s, size_t slen, int flags);

#ifdef __cplusplus
}
#endif

#endif
