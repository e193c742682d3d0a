// Syntrap decides whether a string is an injection by reading it as what it would become: SQL, a
// command line, a file's path, HTML, JavaScript.
//
// Written by cbindgen from ffi/src; do not edit.
//
//     syntrap_detector *detector;
//     syntrap_verdict verdict;
//     if (syntrap_detector_new(NULL, &detector) != SYNTRAP_OK) { ... syntrap_message() ... }
//     if (syntrap_check(detector, value, length, &verdict) != SYNTRAP_OK || verdict != SYNTRAP_BENIGN) {
//         // block the value
//     }
//     syntrap_detector_free(detector);
//
// Rules that all calls share:
//
// - A value is a pointer and a length. NULL with length 0 is the empty value; NUL is a byte like any
//   other. No value is kept by pointer after a call.
// - Each call returns a syntrap_status; all but SYNTRAP_OK leave a text that syntrap_message returns
//   on the same thread. Nothing is initialised globally, and nothing unwinds into C.
// - What a _new, _scan or _finish call hands over belongs to the caller, until the _free of the same
//   type, which takes NULL too. None of these objects keeps another one alive or needs it.
// - A detector and a report may be used by many threads at once; a configuration and a stream by one
//   thread at a time.
// - Where a call asks for a pointer to a result, it must be writable. Results are set to NULL, empty
//   or SYNTRAP_UNDECIDED if the call fails; structures are left as they were.
// - Pointers must come from this library, unfreed: that is not checked.

#ifndef SYNTRAP_H
#define SYNTRAP_H

#include <stddef.h>
#include <stdint.h>

// The version of this header; syntrap_version is that of the library that was loaded.
#define SYNTRAP_VERSION "0.1.0"
#define SYNTRAP_VERSION_MAJOR 0
#define SYNTRAP_VERSION_MINOR 1
#define SYNTRAP_VERSION_PATCH 0

// What a call came to. Everything but `SYNTRAP_OK` leaves a message: see `syntrap_message`.
typedef enum syntrap_status {
  // The call did what it is for.
  SYNTRAP_OK = 0,
  // A pointer that must not be NULL was NULL. NULL with length 0 is an empty value.
  SYNTRAP_NULL_ARGUMENT = 1,
  // A part of the configuration is unknown or makes no sense.
  SYNTRAP_BAD_CONFIG = 2,
  // A limit ended the reading before the answer was known: see `syntrap_config_depth`. Also: a
  // length that no object in memory can have.
  SYNTRAP_LIMIT = 3,
  // The library panicked, which is a defect of it. The process is sound; the object that was
  // changed by the call can only be freed.
  SYNTRAP_PANIC = 4,
  // An index beyond the last element: the end of an enumeration.
  SYNTRAP_OUT_OF_RANGE = 5,
  // The stream was finished before, or broken by a panic.
  SYNTRAP_BAD_STATE = 6,
} syntrap_status;

// The answer about one value.
typedef enum syntrap_verdict {
  // In no context does the value do what the policy forbids.
  SYNTRAP_BENIGN = 0,
  // In at least one context it does.
  SYNTRAP_ATTACK = 1,
  // Nothing is known: a limit was reached or the call failed. Honest values do not come to
  // that; who blocks attacks blocks these too.
  SYNTRAP_UNDECIDED = 2,
} syntrap_verdict;

// Whether a value must break out of data to act, or is a program as a whole.
typedef enum syntrap_kind {
  // The value was put where data belongs and became something else.
  SYNTRAP_INJECTION = 0,
  // The whole value is a program. A console receives such values legitimately.
  SYNTRAP_COMMAND = 1,
} syntrap_kind;

// What a detector will be. Used by one thread at a time. A call that fails changes nothing.
//
// Lists are names, separated by commas or white space. `syntrap_language`, `syntrap_context` and
// `syntrap_effect` enumerate the names.
typedef struct syntrap_config syntrap_config;

// Decides whether values are attacks. Immutable: any number of threads may use one at the same
// time. Make one and share it.
typedef struct syntrap_detector syntrap_detector;

// The answer about one value, with its reasons. Immutable: threads may share one. Its texts are
// valid until it is freed.
typedef struct syntrap_report syntrap_report;

// A scan in progress. Used by one thread at a time. However the value is cut, the report is that
// of the whole; memory does not grow with it.
typedef struct syntrap_stream syntrap_stream;

// Text that belongs to the library: UTF-8, `length` bytes. Not NUL-terminated unless it is said:
// print it with `%.*s`.
typedef struct syntrap_text {
  // The first byte.
  const char *data;
  // How many bytes.
  size_t length;
} syntrap_text;

// A place in a program's text where a value may land. All texts are static.
typedef struct syntrap_context_info {
  // The name that `syntrap_config_contexts` takes: `sql-single-quoted`.
  struct syntrap_text name;
  // One sentence about the place.
  struct syntrap_text description;
  // The language that is spoken there: `sql`.
  struct syntrap_text language;
  // Whether a value must break out of data there.
  enum syntrap_kind kind;
} syntrap_context_info;

// Something that an instruction does when it runs.
typedef struct syntrap_effect_info {
  // The name that `syntrap_config_forbid_injection` takes: `read`. Static.
  struct syntrap_text name;
  // Its bit in a set of effects.
  uint32_t bit;
} syntrap_effect_info;

// A context in which the value is an attack.
typedef struct syntrap_finding {
  // The language that the value speaks: `sql`.
  struct syntrap_text language;
  // The place that it speaks from: `sql-single-quoted`.
  struct syntrap_text context;
  // The dialects' reading under which it was found: `mysql`.
  struct syntrap_text dialect;
  // Whether the value broke out of data or is a program as a whole.
  enum syntrap_kind kind;
  // What the accepted instructions do, all together: bits as in `syntrap_effect`.
  uint32_t effects;
  // The part of the value that the grammar accepted: its first byte.
  size_t begin;
  // The byte behind the part that the grammar accepted. Behind it nothing was read.
  size_t end;
  // How many instructions `syntrap_report_instruction` has.
  size_t instructions;
} syntrap_finding;

// One construct that the grammar accepted and that acts.
typedef struct syntrap_instruction {
  // What the language's manual calls the construct: `set operation`.
  struct syntrap_text kind;
  // What it does: bits as in `syntrap_effect`.
  uint32_t effects;
  // Its first byte in the value.
  size_t begin;
  // The byte behind it.
  size_t end;
} syntrap_instruction;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library that is loaded: `SYNTRAP_VERSION` is that of the header.
// NUL-terminated and static.
const char *syntrap_version(void);

// A new configuration, in `*config`: all languages in their default contexts, the default policy
// and limits. `*config` is NULL if the call fails.
enum syntrap_status syntrap_config_new(struct syntrap_config **config);

// Frees a configuration; detectors that were made with it live on.
void syntrap_config_free(struct syntrap_config *config);

// Only these languages, such as `sql, shell`; by default all.
enum syntrap_status syntrap_config_languages(struct syntrap_config *config,
                                             const char *names,
                                             size_t length);

// Only these contexts, such as `sql-value, sql-single-quoted`. By default all injection contexts
// and SQL's command context, of the languages that are configured.
enum syntrap_status syntrap_config_contexts(struct syntrap_config *config,
                                            const char *names,
                                            size_t length);

// What is forbidden, by the name of a policy: `default`, `strict` or `lax`. Replaces what
// `syntrap_config_forbid_injection` and `_command` have set.
enum syntrap_status syntrap_config_policy(struct syntrap_config *config,
                                          const char *name,
                                          size_t length);

// The effects that make a value an attack where it broke out of data, such as `read, execute`;
// an empty list forbids nothing there.
enum syntrap_status syntrap_config_forbid_injection(struct syntrap_config *config,
                                                    const char *names,
                                                    size_t length);

// The effects that make a value an attack where the whole of it is a program; an empty list
// forbids nothing there.
enum syntrap_status syntrap_config_forbid_command(struct syntrap_config *config,
                                                  const char *names,
                                                  size_t length);

// One more program that the server's shells find beside those of the systems they run on, such as
// `deployctl`: its file's name without a directory and without `.exe`, in 1 to 32 bytes, none of
// which a shell reads as its own. None by default.
enum syntrap_status syntrap_config_add_program(struct syntrap_config *config,
                                               const char *name,
                                               size_t length);

// How many grammar symbols may be open at once, about the depth of parentheses; 256 by default.
// Beyond, a value is undecided.
enum syntrap_status syntrap_config_depth(struct syntrap_config *config, size_t depth);

// How long a token other than a literal or a comment may be in a stream, in bytes; 65,536 by
// default. In HTML, comments and attributes' values that the checked value itself began count too.
// Beyond, a stream is undecided.
enum syntrap_status syntrap_config_token_bytes(struct syntrap_config *config, size_t bytes);

// A new detector, in `*detector`. `config` may be NULL for the defaults. `*detector` is NULL if
// the call fails: `SYNTRAP_BAD_CONFIG` if the languages leave none of the contexts.
enum syntrap_status syntrap_detector_new(const struct syntrap_config *config,
                                         struct syntrap_detector **detector);

// Frees a detector; reports and streams that were made with it live on.
void syntrap_detector_free(struct syntrap_detector *detector);

// The verdict on a value, in `*verdict`: stops at the first finding and allocates nothing. At a
// limit the status is `SYNTRAP_LIMIT` and the verdict `SYNTRAP_UNDECIDED`, so a value may pass
// only if the status is `SYNTRAP_OK` and the verdict `SYNTRAP_BENIGN`. Linear in the length.
enum syntrap_status syntrap_check(const struct syntrap_detector *detector,
                                  const void *data,
                                  size_t length,
                                  enum syntrap_verdict *verdict);

// The report on a value, in `*report`, with a finding for each context in which it is an attack.
// The report keeps nothing of the detector or of the value. `*report` is NULL if the call fails.
// A limit does not make it fail: the report's verdict is `SYNTRAP_UNDECIDED`.
enum syntrap_status syntrap_scan(const struct syntrap_detector *detector,
                                 const void *data,
                                 size_t length,
                                 struct syntrap_report **report);

// The name of the language with this index, from 0 on, which `syntrap_config_languages` takes;
// `SYNTRAP_OUT_OF_RANGE` behind the last one. Another version may have more, in another order.
enum syntrap_status syntrap_language(size_t index, struct syntrap_text *name);

// The context with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one. Another
// version may have more, in another order.
enum syntrap_status syntrap_context(size_t index, struct syntrap_context_info *context);

// The effect with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one.
enum syntrap_status syntrap_effect(size_t index, struct syntrap_effect_info *effect);

// Frees a report and its texts.
void syntrap_report_free(struct syntrap_report *report);

// The verdict.
enum syntrap_status syntrap_report_verdict(const struct syntrap_report *report,
                                           enum syntrap_verdict *verdict);

// Which limit was reached: `too-deep`, `token-too-long`; empty unless the verdict is
// `SYNTRAP_UNDECIDED`.
enum syntrap_status syntrap_report_reason(const struct syntrap_report *report,
                                          struct syntrap_text *reason);

// The finding with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one.
enum syntrap_status syntrap_report_finding(const struct syntrap_report *report,
                                           size_t index,
                                           struct syntrap_finding *finding);

// An instruction of a finding, both by index from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last.
enum syntrap_status syntrap_report_instruction(const struct syntrap_report *report,
                                               size_t finding,
                                               size_t index,
                                               struct syntrap_instruction *instruction);

// The whole report as JSON, on one line, in `*json`. NUL-terminated too, behind its length.
enum syntrap_status syntrap_report_json(const struct syntrap_report *report,
                                        struct syntrap_text *json);

// What the last call on this thread that did not return `SYNTRAP_OK` had to say, for people.
// NUL-terminated UTF-8; empty if all calls succeeded. Valid until the thread's next such call.
const char *syntrap_message(void);

// A new stream, in `*stream`. It keeps nothing of the detector. `*stream` is NULL if the call
// fails.
enum syntrap_status syntrap_stream_new(const struct syntrap_detector *detector,
                                       struct syntrap_stream **stream);

// Frees a stream, finished or not.
void syntrap_stream_free(struct syntrap_stream *stream);

// Takes the next piece of the value, of any length; nothing of it is kept by pointer.
// `SYNTRAP_BAD_STATE` if the stream is finished.
enum syntrap_status syntrap_stream_push(struct syntrap_stream *stream,
                                        const void *data,
                                        size_t length);

// The value is complete: its report, in `*report`. The stream can then only be freed. `*report`
// is NULL if the call fails: `SYNTRAP_BAD_STATE` if the stream is finished.
enum syntrap_status syntrap_stream_finish(struct syntrap_stream *stream,
                                          struct syntrap_report **report);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SYNTRAP_H */
