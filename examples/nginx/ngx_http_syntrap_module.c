/* Checks requests with Syntrap: query arguments, chosen headers, and the values in form, JSON and
 * multipart bodies while they stream in. See README.md for the directives. */

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <syntrap.h>

#include "values.h"

/* Values up to this length are checked in one call; longer ones go through a stream. */
#define WHOLE 4096

enum { MODE_OFF, MODE_LOG, MODE_BLOCK };

typedef struct {
    ngx_uint_t mode;
    ngx_str_t languages;
    ngx_str_t contexts;
    ngx_str_t policy;
    ngx_array_t *programs;      /* ngx_str_t */
    ngx_array_t *headers;       /* ngx_str_t */
    ngx_array_t *exempt;        /* ngx_str_t */
    size_t limit;
    syntrap_detector *detector; /* shared by the locations that configure nothing of it */
} conf_t;

typedef struct {
    ngx_http_request_t *request;
    conf_t *conf;
    ngx_str_t finding;          /* empty as long as there is none */
    const char *place;          /* what is checked now: "argument", "body" or a header's name */
    off_t received;
    struct values *body;        /* NULL if the body is of another type */
    unsigned head_checked : 1;
    unsigned body_begun : 1;
    unsigned body_ended : 1;

    syntrap_stream *stream;     /* of a value that is longer than `whole` */
    size_t length;
    u_char whole[WHOLE];
} ctx_t;

static ngx_int_t preaccess(ngx_http_request_t *r);
static ngx_int_t body_filter(ngx_http_request_t *r, ngx_chain_t *in);
static ngx_int_t finding_variable(ngx_http_request_t *r, ngx_http_variable_value_t *value, uintptr_t data);
static ngx_int_t add_variable(ngx_conf_t *cf);
static ngx_int_t install(ngx_conf_t *cf);
static void *create_conf(ngx_conf_t *cf);
static char *merge_conf(ngx_conf_t *cf, void *parent, void *child);
static char *set_names(ngx_conf_t *cf, ngx_command_t *command, void *conf);
static char *set_array(ngx_conf_t *cf, ngx_command_t *command, void *conf);

#define ANYWHERE (NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)

static ngx_conf_enum_t modes[] = {
    {ngx_string("off"), MODE_OFF},
    {ngx_string("log"), MODE_LOG},
    {ngx_string("block"), MODE_BLOCK},
    {ngx_null_string, 0},
};

static ngx_command_t commands[] = {
    {ngx_string("syntrap"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_enum_slot, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, mode), modes},
    {ngx_string("syntrap_languages"), ANYWHERE | NGX_CONF_1MORE, set_names, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, languages), NULL},
    {ngx_string("syntrap_contexts"), ANYWHERE | NGX_CONF_1MORE, set_names, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, contexts), NULL},
    {ngx_string("syntrap_policy"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_str_slot, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, policy), NULL},
    {ngx_string("syntrap_programs"), ANYWHERE | NGX_CONF_1MORE, set_array, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, programs), NULL},
    {ngx_string("syntrap_headers"), ANYWHERE | NGX_CONF_1MORE, set_array, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, headers), NULL},
    {ngx_string("syntrap_exempt"), ANYWHERE | NGX_CONF_1MORE, set_array, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, exempt), NULL},
    {ngx_string("syntrap_limit"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_size_slot, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(conf_t, limit), NULL},
    ngx_null_command,
};

static ngx_http_module_t module_context = {
    add_variable, install, NULL, NULL, NULL, NULL, create_conf, merge_conf,
};

ngx_module_t ngx_http_syntrap_module = {
    NGX_MODULE_V1, &module_context, commands, NGX_HTTP_MODULE,
    NULL,          NULL,            NULL,     NULL,
    NULL,          NULL,            NULL,     NGX_MODULE_V1_PADDING,
};

static ngx_http_request_body_filter_pt next_body_filter;

/* The request's state. */

static void free_ctx(void *data)
{
    syntrap_stream_free(((ctx_t *)data)->stream);
}

/* An internal redirect, to an error page or by try_files, clears the contexts of modules; the cleanup
 * stays. */
static ctx_t *find_ctx(ngx_http_request_t *r)
{
    ctx_t *ctx = ngx_http_get_module_ctx(r, ngx_http_syntrap_module);

    if (ctx == NULL)
        for (ngx_pool_cleanup_t *cleanup = r->pool->cleanup; cleanup != NULL; cleanup = cleanup->next)
            if (cleanup->handler == free_ctx)
                return cleanup->data;
    return ctx;
}

static ctx_t *make_ctx(ngx_http_request_t *r, conf_t *conf)
{
    ctx_t *ctx = find_ctx(r);
    ngx_pool_cleanup_t *cleanup;

    if (ctx != NULL) {
        ngx_http_set_ctx(r, ctx, ngx_http_syntrap_module);
        return ctx;
    }
    cleanup = ngx_pool_cleanup_add(r->pool, 0);
    ctx = ngx_palloc(r->pool, sizeof *ctx);
    if (cleanup == NULL || ctx == NULL)
        return NULL;
    ngx_memzero(ctx, offsetof(ctx_t, whole));
    ctx->request = r;
    ctx->conf = conf;
    cleanup->handler = free_ctx;
    cleanup->data = ctx;
    ngx_http_set_ctx(r, ctx, ngx_http_syntrap_module);
    return ctx;
}

/* What was found. */

static u_char *append(u_char *at, u_char *end, const char *text, size_t length)
{
    for (; length > 0 && at < end; length--, text++) /* names are chosen by the client */
        *at++ = (u_char)(*text >= ' ' && *text <= '~' && *text != '"' ? *text : '?');
    return at;
}

static u_char *append_effects(u_char *at, u_char *end, uint32_t effects)
{
    syntrap_effect_info effect;

    for (size_t i = 0; syntrap_effect(i, &effect) == SYNTRAP_OK; i++)
        if (effects & effect.bit) {
            at = append(at, end, ",", at < end && at[-1] != ' ');
            at = append(at, end, effect.name.data, effect.name.length);
        }
    return at;
}

/* Notes the first finding: `argument q: sql-single-quoted read,truncate`. */
static void found(ctx_t *ctx, const struct values *values, const syntrap_report *report, const char *otherwise)
{
    ngx_http_request_t *r = ctx->request;
    u_char *text = ngx_pnalloc(r->pool, 256), *at = text, *end = text + 256;
    syntrap_finding finding;

    if (ctx->finding.len > 0)
        return;
    if (text == NULL) {
        ngx_str_set(&ctx->finding, "out of memory");
        return;
    }
    at = append(at, end, ctx->place, ngx_strlen(ctx->place));
    if (values != NULL && values->name_length > 0) {
        at = append(at, end, " ", 1);
        at = append(at, end, (const char *)values->name, values->name_length);
    }
    at = append(at, end, ": ", 2);
    if (report != NULL && syntrap_report_finding(report, 0, &finding) == SYNTRAP_OK) {
        at = append(at, end, finding.context.data, finding.context.length);
        at = append(at, end, " ", 1);
        at = append_effects(at, end, finding.effects);
    } else {
        at = append(at, end, "undecided, ", sizeof "undecided, " - 1);
        at = append(at, end, otherwise, ngx_strlen(otherwise));
    }
    ctx->finding.data = text;
    ctx->finding.len = (size_t)(at - text);
    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0, "syntrap: %V", &ctx->finding);
}

static ngx_int_t answer(const ctx_t *ctx)
{
    return ctx->finding.len > 0 && ctx->conf->mode == MODE_BLOCK ? NGX_HTTP_FORBIDDEN : NGX_OK;
}

/* Values. */

static void judge_whole(ctx_t *ctx, const struct values *values, const u_char *value, size_t length)
{
    syntrap_verdict verdict;
    syntrap_report *report = NULL;
    syntrap_status status = syntrap_check(ctx->conf->detector, value, length, &verdict);

    if (status == SYNTRAP_OK && verdict == SYNTRAP_BENIGN)
        return;
    if (verdict == SYNTRAP_ATTACK)
        syntrap_scan(ctx->conf->detector, value, length, &report);
    found(ctx, values, report, syntrap_message());
    syntrap_report_free(report);
}

static void finish_stream(ctx_t *ctx, const struct values *values)
{
    syntrap_verdict verdict = SYNTRAP_UNDECIDED;
    syntrap_report *report;
    syntrap_status status = syntrap_stream_finish(ctx->stream, &report);

    if (status == SYNTRAP_OK)
        status = syntrap_report_verdict(report, &verdict);
    if (verdict != SYNTRAP_BENIGN)
        found(ctx, values, report, status == SYNTRAP_OK ? "a limit was reached" : syntrap_message());
    syntrap_report_free(report);
    syntrap_stream_free(ctx->stream);
    ctx->stream = NULL;
}

static int is_exempt(const conf_t *conf, const struct values *values)
{
    const ngx_str_t *names = conf->exempt == NGX_CONF_UNSET_PTR ? NULL : conf->exempt->elts;

    for (ngx_uint_t i = 0; names != NULL && i < conf->exempt->nelts; i++)
        if (names[i].len == values->name_length &&
            ngx_memcmp(names[i].data, values->name, values->name_length) == 0)
            return 1;
    return 0;
}

/* The sink of `values`: a value in pieces. Ends the reading at the first finding. */
static int take_piece(void *context, const struct values *values, const unsigned char *piece, size_t length,
                      int last)
{
    ctx_t *ctx = context;

    if (!values->in_name && is_exempt(ctx->conf, values))
        return 0;
    if (ctx->stream == NULL && ctx->length + length <= WHOLE) {
        ngx_memcpy(ctx->whole + ctx->length, piece, length);
        ctx->length += length;
        if (last) {
            judge_whole(ctx, values, ctx->whole, ctx->length);
            ctx->length = 0;
        }
        return ctx->finding.len > 0;
    }
    if (ctx->stream == NULL && (syntrap_stream_new(ctx->conf->detector, &ctx->stream) != SYNTRAP_OK ||
                                syntrap_stream_push(ctx->stream, ctx->whole, ctx->length) != SYNTRAP_OK)) {
        found(ctx, values, NULL, syntrap_message());
        return 1;
    }
    ctx->length = 0;
    if (syntrap_stream_push(ctx->stream, piece, length) != SYNTRAP_OK)
        found(ctx, values, NULL, syntrap_message());
    else if (last)
        finish_stream(ctx, values);
    return ctx->finding.len > 0;
}

/* The request's head: arguments and headers. */

static void check_headers(ctx_t *ctx)
{
    ngx_array_t *chosen = ctx->conf->headers;
    ngx_list_part_t *part = &ctx->request->headers_in.headers.part;

    if (chosen == NGX_CONF_UNSET_PTR)
        return;
    for (; part != NULL && ctx->finding.len == 0; part = part->next) {
        ngx_table_elt_t *header = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts && ctx->finding.len == 0; i++) {
            ngx_str_t *name = chosen->elts;
            for (ngx_uint_t j = 0; j < chosen->nelts; j++)
                if (header[i].key.len == name[j].len &&
                    ngx_strncasecmp(header[i].key.data, name[j].data, name[j].len) == 0) {
                    ctx->place = (const char *)name[j].data; /* NUL-terminated by the parser */
                    judge_whole(ctx, NULL, header[i].value.data, header[i].value.len);
                }
        }
    }
}

static ngx_int_t preaccess(ngx_http_request_t *r)
{
    conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_syntrap_module);
    struct values arguments;
    ctx_t *ctx;

    if (conf->mode == MODE_OFF || r != r->main)
        return NGX_DECLINED;
    ctx = make_ctx(r, conf);
    if (ctx == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (ctx->head_checked) /* before an internal redirect */
        return NGX_DECLINED;
    ctx->head_checked = 1;
    ctx->place = "argument";
    values_init(&arguments, VALUES_FORM, NULL, 0, take_piece, ctx);
    values_feed(&arguments, r->args.data, r->args.len);
    values_finish(&arguments);
    check_headers(ctx);
    if (answer(ctx) == NGX_OK)
        return NGX_DECLINED;
    ctx->body_ended = 1; /* what an error page does with it is not judged */
    return answer(ctx);
}

/* The body, as it arrives. */

static int has_suffix(ngx_str_t type, const char *suffix)
{
    size_t length = ngx_strlen(suffix);
    return type.len >= length && ngx_strncasecmp(type.data + type.len - length, (u_char *)suffix, length) == 0;
}

/* The boundary in `multipart/form-data; boundary="…"`. */
static ngx_str_t boundary_of(ngx_str_t header)
{
    ngx_str_t boundary = ngx_null_string;
    u_char *end = header.data + header.len;
    u_char *at = ngx_strlcasestrn(header.data, end, (u_char *)"boundary=", sizeof "boundary=" - 2);

    if (at == NULL)
        return boundary;
    at += sizeof "boundary=" - 1;
    if (at < end && *at == '"') {
        boundary.data = ++at;
        while (at < end && *at != '"')
            at++;
    } else {
        boundary.data = at;
        while (at < end && *at != ';' && *at != ' ' && *at != '\t')
            at++;
    }
    boundary.len = (size_t)(at - boundary.data);
    return boundary;
}

static ngx_int_t begin_body(ctx_t *ctx)
{
    ngx_table_elt_t *header = ctx->request->headers_in.content_type;
    ngx_str_t type, boundary = ngx_null_string;
    enum values_format format;

    ctx->body_begun = 1;
    ctx->place = "body";
    if (header == NULL)
        return NGX_OK;
    type = header->value;
    for (size_t i = 0; i < type.len; i++)
        if (ngx_strchr("; \t,", type.data[i])) /* at a comma because PHP ends it there too */
            type.len = i;
    if (type.len == sizeof "application/x-www-form-urlencoded" - 1 &&
        has_suffix(type, "application/x-www-form-urlencoded")) {
        format = VALUES_FORM;
    } else if (has_suffix(type, "/json") || has_suffix(type, "+json")) {
        format = VALUES_JSON;
    } else if (type.len == sizeof "multipart/form-data" - 1 && has_suffix(type, "multipart/form-data")) {
        format = VALUES_MULTIPART;
        boundary = boundary_of(header->value);
    } else {
        return NGX_OK;
    }
    ctx->body = ngx_palloc(ctx->request->pool, sizeof *ctx->body);
    if (ctx->body == NULL)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ctx->length = 0;
    if (!values_init(ctx->body, format, boundary.data, boundary.len, take_piece, ctx))
        found(ctx, NULL, NULL, "the multipart body has no usable boundary");
    return NGX_OK;
}

static ngx_int_t body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ctx_t *ctx = ngx_http_get_module_ctx(r, ngx_http_syntrap_module);

    if (ctx == NULL || ctx->body_ended)
        return next_body_filter(r, in);
    if (!ctx->body_begun && begin_body(ctx) != NGX_OK)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    for (ngx_chain_t *link = in; link != NULL && !ctx->body_ended; link = link->next) {
        ngx_buf_t *buf = link->buf;
        if (ctx->body != NULL && ctx->finding.len == 0 && ngx_buf_in_memory(buf)) {
            ctx->received += buf->last - buf->pos;
            if (ctx->conf->limit > 0 && ctx->received > (off_t)ctx->conf->limit)
                found(ctx, NULL, NULL, "the body is longer than syntrap_limit");
            else
                values_feed(ctx->body, buf->pos, (size_t)(buf->last - buf->pos));
        }
        if (buf->last_buf) {
            ctx->body_ended = 1;
            if (ctx->body != NULL && ctx->finding.len == 0)
                values_finish(ctx->body);
        }
    }
    if (answer(ctx) != NGX_OK) {
        ctx->body_ended = 1; /* what still arrives is thrown away */
        r->lingering_close = 1;
        return answer(ctx);
    }
    return next_body_filter(r, in);
}

/* $syntrap_finding */

static ngx_int_t finding_variable(ngx_http_request_t *r, ngx_http_variable_value_t *value, uintptr_t data)
{
    ctx_t *ctx = find_ctx(r->main);

    (void)data;
    if (ctx == NULL || ctx->finding.len == 0) {
        value->not_found = 1;
        return NGX_OK;
    }
    value->data = ctx->finding.data;
    value->len = (unsigned)ctx->finding.len;
    value->valid = 1;
    value->no_cacheable = 0;
    value->not_found = 0;
    return NGX_OK;
}

static ngx_int_t add_variable(ngx_conf_t *cf)
{
    static ngx_str_t name = ngx_string("syntrap_finding");
    ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);

    if (variable == NULL)
        return NGX_ERROR;
    variable->get_handler = finding_variable;
    return NGX_OK;
}

/* Configuration. */

static ngx_int_t install(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    ngx_http_handler_pt *handler = ngx_array_push(&core->phases[NGX_HTTP_PREACCESS_PHASE].handlers);

    if (handler == NULL)
        return NGX_ERROR;
    *handler = preaccess;
    next_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = body_filter;
    return NGX_OK;
}

static void *create_conf(ngx_conf_t *cf)
{
    conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);

    if (conf == NULL)
        return NULL;
    conf->mode = NGX_CONF_UNSET_UINT;
    conf->headers = NGX_CONF_UNSET_PTR;
    conf->programs = NGX_CONF_UNSET_PTR;
    conf->exempt = NGX_CONF_UNSET_PTR;
    conf->limit = NGX_CONF_UNSET_SIZE;
    return conf;
}

/* Names in one list, as Syntrap takes them. */
static char *set_names(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_str_t *list = (ngx_str_t *)((char *)conf + command->offset), *names = cf->args->elts;
    size_t length = 0;
    u_char *at;

    if (list->data != NULL)
        return "is duplicate";
    for (ngx_uint_t i = 1; i < cf->args->nelts; i++)
        length += names[i].len + 1;
    list->data = at = ngx_pnalloc(cf->pool, length);
    if (at == NULL)
        return NGX_CONF_ERROR;
    for (ngx_uint_t i = 1; i < cf->args->nelts; i++) {
        at = ngx_cpymem(at, names[i].data, names[i].len);
        *at++ = ',';
    }
    list->len = length;
    return NGX_CONF_OK;
}

static char *set_array(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    ngx_array_t **array = (ngx_array_t **)((char *)conf + command->offset);
    ngx_str_t *names = cf->args->elts;

    if (*array != NGX_CONF_UNSET_PTR)
        return "is duplicate";
    *array = ngx_array_create(cf->pool, cf->args->nelts, sizeof *names);
    if (*array == NULL)
        return NGX_CONF_ERROR;
    for (ngx_uint_t i = 1; i < cf->args->nelts; i++) {
        ngx_str_t *name = ngx_array_push(*array);
        if (name == NULL)
            return NGX_CONF_ERROR;
        *name = names[i];
    }
    return NGX_CONF_OK;
}

static void free_detector(void *data)
{
    syntrap_detector_free(data);
}

static syntrap_status configure(const conf_t *conf, syntrap_config *config, syntrap_detector **detector)
{
    syntrap_status status = SYNTRAP_OK;

    if (conf->languages.data != NULL)
        status = syntrap_config_languages(config, (char *)conf->languages.data, conf->languages.len);
    if (status == SYNTRAP_OK && conf->contexts.data != NULL)
        status = syntrap_config_contexts(config, (char *)conf->contexts.data, conf->contexts.len);
    if (status == SYNTRAP_OK && conf->policy.data != NULL)
        status = syntrap_config_policy(config, (char *)conf->policy.data, conf->policy.len);
    if (conf->programs != NGX_CONF_UNSET_PTR) {
        ngx_str_t *program = conf->programs->elts;
        for (ngx_uint_t i = 0; status == SYNTRAP_OK && i < conf->programs->nelts; i++)
            status = syntrap_config_add_program(config, (char *)program[i].data, program[i].len);
    }
    if (status == SYNTRAP_OK)
        status = syntrap_detector_new(config, detector);
    return status;
}

static char *make_detector(ngx_conf_t *cf, conf_t *conf)
{
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    syntrap_config *config;
    syntrap_status status;

    if (cleanup == NULL)
        return NGX_CONF_ERROR;
    status = syntrap_config_new(&config);
    if (status == SYNTRAP_OK)
        status = configure(conf, config, &conf->detector);
    syntrap_config_free(config);
    if (status != SYNTRAP_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "syntrap: %s", syntrap_message());
        return NGX_CONF_ERROR;
    }
    cleanup->handler = free_detector;
    cleanup->data = conf->detector;
    return NGX_CONF_OK;
}

static char *merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    conf_t *outer = parent, *conf = child;
    int own = conf->languages.data != NULL || conf->contexts.data != NULL || conf->policy.data != NULL ||
              conf->programs != NGX_CONF_UNSET_PTR;

    ngx_conf_merge_uint_value(conf->mode, outer->mode, MODE_OFF);
    ngx_conf_merge_ptr_value(conf->programs, outer->programs, NGX_CONF_UNSET_PTR);
    ngx_conf_merge_ptr_value(conf->headers, outer->headers, NGX_CONF_UNSET_PTR);
    ngx_conf_merge_ptr_value(conf->exempt, outer->exempt, NGX_CONF_UNSET_PTR);
    ngx_conf_merge_size_value(conf->limit, outer->limit, 0);
    ngx_conf_merge_str_value(conf->languages, outer->languages, "");
    ngx_conf_merge_str_value(conf->contexts, outer->contexts, "");
    ngx_conf_merge_str_value(conf->policy, outer->policy, "");
    if (conf->languages.len == 0)
        conf->languages.data = NULL;
    if (conf->contexts.len == 0)
        conf->contexts.data = NULL;
    if (conf->policy.len == 0)
        conf->policy.data = NULL;
    if (conf->mode == MODE_OFF)
        return NGX_CONF_OK;
    if (!own)
        conf->detector = outer->detector;
    return conf->detector == NULL ? make_detector(cf, conf) : NGX_CONF_OK;
}
