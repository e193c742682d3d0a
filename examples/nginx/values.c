#include "values.h"

#include <string.h>
#include <strings.h>

/* Of all formats: a value's bytes, and its end. */

static void hand_over(struct values *values, int last)
{
    if (!values->stopped && (values->piece_length > 0 || (last && values->begun)))
        values->stopped = values->sink(values->context, values, values->piece, values->piece_length, last);
    values->begun = !last;
    values->piece_length = 0;
}

static void put(struct values *values, unsigned char byte)
{
    if (values->in_name && values->name_length < VALUES_NAME)
        values->name[values->name_length++] = byte;
    if (values->piece_length == VALUES_PIECE)
        hand_over(values, 0);
    values->piece[values->piece_length++] = byte;
}

static void end_value(struct values *values)
{
    hand_over(values, 1);
}

static void begin_name(struct values *values)
{
    values->in_name = 1;
    values->name_length = 0;
}

static int hexadecimal(unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* application/x-www-form-urlencoded */

enum { FORM_PLAIN, FORM_PERCENT, FORM_DIGIT };

static void form_byte(struct values *values, unsigned char byte)
{
    if (values->state == FORM_PERCENT) {
        if (hexadecimal(byte) >= 0) {
            values->code = byte;
            values->state = FORM_DIGIT;
            return;
        }
        values->state = FORM_PLAIN;
        put(values, '%');
    } else if (values->state == FORM_DIGIT) {
        values->state = FORM_PLAIN;
        if (hexadecimal(byte) >= 0) {
            put(values, (unsigned char)(hexadecimal((unsigned char)values->code) << 4 | hexadecimal(byte)));
            return;
        }
        put(values, '%');
        put(values, (unsigned char)values->code);
    }
    switch (byte) {
    case '%':
        values->state = FORM_PERCENT;
        break;
    case '+':
        put(values, ' ');
        break;
    case '&':
        end_value(values);
        begin_name(values);
        break;
    case '=':
        if (values->in_name) {
            end_value(values);
            values->in_name = 0;
            break;
        }
        put(values, byte);
        break;
    default:
        put(values, byte);
    }
}

static void form_end(struct values *values)
{
    if (values->state != FORM_PLAIN)
        put(values, '%');
    if (values->state == FORM_DIGIT)
        put(values, (unsigned char)values->code);
    end_value(values);
}

/* application/json */

enum { JSON_OUTSIDE, JSON_BARE, JSON_STRING, JSON_ESCAPE, JSON_UNICODE };

static void put_utf8(struct values *values, unsigned code)
{
    if (code < 0x80) {
        put(values, (unsigned char)code);
        return;
    }
    if (code < 0x800) {
        put(values, (unsigned char)(0xc0 | code >> 6));
    } else {
        if (code < 0x10000) {
            put(values, (unsigned char)(0xe0 | code >> 12));
        } else {
            put(values, (unsigned char)(0xf0 | code >> 18));
            put(values, (unsigned char)(0x80 | (code >> 12 & 0x3f)));
        }
        put(values, (unsigned char)(0x80 | (code >> 6 & 0x3f)));
    }
    put(values, (unsigned char)(0x80 | (code & 0x3f)));
}

/* A first half without a second stands for nothing. */
static void end_surrogate(struct values *values)
{
    if (values->surrogate != 0)
        put_utf8(values, 0xfffd);
    values->surrogate = 0;
}

static void put_code(struct values *values, unsigned code)
{
    if (code >= 0xdc00 && code <= 0xdfff && values->surrogate != 0) {
        put_utf8(values, 0x10000 + ((values->surrogate - 0xd800) << 10) + (code - 0xdc00));
        values->surrogate = 0;
        return;
    }
    end_surrogate(values);
    if (code >= 0xd800 && code <= 0xdbff)
        values->surrogate = code;
    else
        put_utf8(values, code >= 0xdc00 && code <= 0xdfff ? 0xfffd : code);
}

static void json_open(struct values *values, int object)
{
    if (values->depth < VALUES_DEPTH) {
        unsigned char bit = (unsigned char)(1u << values->depth % 8);
        unsigned char *bits = &values->objects[values->depth / 8];
        *bits = (unsigned char)(object ? *bits | bit : *bits & ~bit);
    }
    values->depth++;
    values->key_next = object;
}

static int json_in_object(const struct values *values)
{
    size_t top = values->depth - 1;
    return values->depth > 0 && values->depth <= VALUES_DEPTH && (values->objects[top / 8] >> top % 8 & 1);
}

static void json_outside(struct values *values, unsigned char byte)
{
    switch (byte) {
    case '{':
    case '[':
        json_open(values, byte == '{');
        break;
    case '}':
    case ']':
        values->depth -= values->depth > 0;
        values->key_next = 0;
        break;
    case ',':
        values->key_next = json_in_object(values);
        break;
    case ':':
        values->key_next = 0;
        break;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        break;
    case '"':
        values->in_name = 0;
        if (values->key_next)
            begin_name(values);
        values->state = JSON_STRING;
        break;
    default:
        values->in_name = 0;
        values->state = JSON_BARE;
        put(values, byte);
    }
}

static void json_escape(struct values *values, unsigned char byte)
{
    static const char escapes[] = "b\bf\fn\nr\rt\t";

    values->state = JSON_STRING;
    if (byte == 'u') {
        values->state = JSON_UNICODE;
        values->digits = values->code = 0;
        return;
    }
    end_surrogate(values);
    for (const char *escape = escapes; *escape != '\0'; escape += 2)
        if ((unsigned char)escape[0] == byte) {
            put(values, (unsigned char)escape[1]);
            return;
        }
    put(values, byte);
}

static void json_byte(struct values *values, unsigned char byte)
{
    switch (values->state) {
    case JSON_OUTSIDE:
        json_outside(values, byte);
        break;
    case JSON_BARE:
        if (byte != ',' && byte != '}' && byte != ']') {
            put(values, byte);
            break;
        }
        end_value(values);
        values->state = JSON_OUTSIDE;
        json_outside(values, byte);
        break;
    case JSON_STRING:
        if (byte == '\\') {
            values->state = JSON_ESCAPE;
            break;
        }
        end_surrogate(values);
        if (byte != '"') {
            put(values, byte);
            break;
        }
        end_value(values);
        values->state = JSON_OUTSIDE;
        break;
    case JSON_ESCAPE:
        json_escape(values, byte);
        break;
    default: /* JSON_UNICODE */
        if (hexadecimal(byte) < 0) {
            values->state = JSON_STRING;
            json_byte(values, byte);
            break;
        }
        values->code = values->code << 4 | (unsigned)hexadecimal(byte);
        if (++values->digits == 4) {
            values->state = JSON_STRING;
            put_code(values, values->code);
        }
    }
}

/* multipart/form-data (RFC 7578) */

enum { PART_DATA, PART_DELIMITER, PART_HEADER, PART_END };

/* The value of a parameter, as `name` in `form-data; name="…"`; NULL if there is none. The text is
 * unescaped in place. */
static unsigned char *parameter(unsigned char *line, size_t length, const char *wanted, size_t *value_length)
{
    unsigned char *at = line, *end = line + length;

    while (at < end) {
        unsigned char *key, *value, *to;
        size_t key_length;

        while (at < end && *at != ';')
            at++;
        while (at < end && (*at == ';' || *at == ' ' || *at == '\t'))
            at++;
        key = at;
        while (at < end && *at != '=' && *at != ';')
            at++;
        if (at == end || *at == ';')
            continue;
        key_length = (size_t)(at - key);
        while (key_length > 0 && (key[key_length - 1] == ' ' || key[key_length - 1] == '\t'))
            key_length--;
        at++;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        value = to = at;
        if (at < end && *at == '"') {
            for (at++; at < end && *at != '"'; at++) {
                if (*at == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\\'))
                    at++;
                *to++ = *at;
            }
        } else {
            while (at < end && *at != ';')
                *to++ = *at++;
        }
        if (key_length == strlen(wanted) && strncasecmp((char *)key, wanted, key_length) == 0) {
            *value_length = (size_t)(to - value);
            return value;
        }
    }
    return NULL;
}

static void put_all(struct values *values, const unsigned char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(values, text[i]);
    end_value(values);
}

static void part_header(struct values *values)
{
    static const char disposition[] = "content-disposition:";
    unsigned char *name, *file;
    unsigned char copy[VALUES_LINE];
    size_t length, line = values->line_length;

    if (line < sizeof disposition - 1 ||
        strncasecmp((char *)values->line, disposition, sizeof disposition - 1) != 0)
        return;
    memcpy(copy, values->line, line);
    name = parameter(copy, line, "name", &length);
    begin_name(values);
    if (name != NULL)
        put_all(values, name, length);
    memcpy(copy, values->line, line);
    file = parameter(copy, line, "filename", &length);
    if (file == NULL) {
        memcpy(copy, values->line, line);
        file = parameter(copy, line, "filename*", &length);
    }
    values->in_name = 0;
    if (file != NULL && length > 0) {
        put_all(values, file, length);
        values->in_part = 0; /* a file's content is no value */
    }
}

static void multipart_byte(struct values *values, unsigned char byte)
{
    switch (values->state) {
    case PART_DATA:
        if (values->matched == 0 && byte == '\n') {
            values->matched = 2;
            values->without_cr = 1;
            return;
        }
        if (byte == values->delimiter[values->matched]) {
            if (++values->matched < values->delimiter_length)
                return;
            if (values->in_part)
                end_value(values);
            values->matched = 0;
            values->without_cr = 0;
            values->line_length = 0;
            values->state = PART_DELIMITER;
            return;
        }
        if (values->matched > 0) {
            /* What looked like a delimiter is data. CR and LF stand only at its beginning, so the
             * byte is the first that may begin another. */
            size_t matched = values->matched;
            values->matched = 0;
            if (values->in_part)
                for (size_t i = (size_t)values->without_cr; i < matched; i++)
                    put(values, values->delimiter[i]);
            values->without_cr = 0;
            multipart_byte(values, byte);
            return;
        }
        if (values->in_part)
            put(values, byte);
        return;
    case PART_DELIMITER:
        if (byte == '\n') {
            values->state = PART_HEADER;
            values->line_length = 0;
            values->in_part = 1;
            values->in_name = 0;
            values->name_length = 0;
        } else if (byte == '-' && ++values->line_length == 2) {
            values->state = PART_END;
        }
        return;
    case PART_HEADER:
        if (byte != '\n') {
            if (values->line_length < VALUES_LINE)
                values->line[values->line_length++] = byte;
            return;
        }
        if (values->line_length > 0 && values->line[values->line_length - 1] == '\r')
            values->line_length--;
        if (values->line_length > 0) {
            part_header(values);
            values->line_length = 0;
            return;
        }
        values->state = PART_DATA;
        values->matched = 2; /* an empty part ends at once: the line end has been read */
        values->without_cr = 2;
        return;
    default: /* PART_END: the epilogue is nobody's value */
        return;
    }
}

static void multipart_end(struct values *values)
{
    if (values->state == PART_DATA && values->in_part) {
        for (size_t i = (size_t)values->without_cr; i < values->matched; i++)
            put(values, values->delimiter[i]);
        end_value(values);
    }
}

int values_init(struct values *values, enum values_format format, const unsigned char *boundary,
                size_t boundary_length, values_sink sink, void *context)
{
    memset(values, 0, sizeof *values);
    values->sink = sink;
    values->context = context;
    values->format = format;
    if (format == VALUES_FORM)
        begin_name(values);
    if (format != VALUES_MULTIPART)
        return 1;
    if (boundary_length == 0 || boundary_length + 4 > VALUES_BOUNDARY)
        return 0;
    memcpy(values->delimiter, "\r\n--", 4);
    memcpy(values->delimiter + 4, boundary, boundary_length);
    values->delimiter_length = boundary_length + 4;
    values->state = PART_DATA;
    values->matched = 2; /* the first delimiter may stand at the very beginning */
    values->without_cr = 2;
    return 1;
}

int values_feed(struct values *values, const unsigned char *data, size_t length)
{
    for (size_t i = 0; i < length && !values->stopped; i++) {
        switch (values->format) {
        case VALUES_FORM:
            form_byte(values, data[i]);
            break;
        case VALUES_JSON:
            json_byte(values, data[i]);
            break;
        default:
            multipart_byte(values, data[i]);
        }
    }
    return values->stopped;
}

int values_finish(struct values *values)
{
    if (values->format == VALUES_FORM)
        form_end(values);
    else if (values->format == VALUES_JSON)
        end_value(values);
    else
        multipart_end(values);
    return values->stopped;
}
