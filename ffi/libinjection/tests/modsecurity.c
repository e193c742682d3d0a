/* Puts each argument as ?q=… before ModSecurity with the rules of a file, and prints the status
 * that it answers with, what libinjection's rule logged, and the argument. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <modsecurity/modsecurity.h>
#include <modsecurity/rules_set.h>
#include <modsecurity/transaction.h>

static void escape(const char *value, char *uri, size_t size)
{
    size_t at = (size_t)snprintf(uri, size, "/?q=");
    for (; *value != '\0' && at + 4 < size; value++)
        at += (size_t)snprintf(uri + at, size - at, isalnum((unsigned char)*value) ? "%c" : "%%%02X",
                               (unsigned char)*value);
}

/* The fingerprint in a rule's log: "Matched Data: sq:rt found within ARGS:q". */
static void print_matched(const char *log)
{
    const char *begin = log == NULL ? NULL : strstr(log, "Matched Data: ");
    const char *end = begin == NULL ? NULL : strstr(begin, " found within");
    if (end != NULL)
        printf(" [%.*s]", (int)(end - begin - 14), begin + 14);
}

static int ask(ModSecurity *engine, RulesSet *rules, const char *value)
{
    Transaction *transaction = msc_new_transaction(engine, rules, NULL);
    ModSecurityIntervention intervention = {200, 0, NULL, NULL, 0};
    char uri[4096];

    escape(value, uri, sizeof uri);
    msc_process_connection(transaction, "127.0.0.1", 40000, "127.0.0.1", 80);
    msc_process_uri(transaction, uri, "GET", "1.1");
    msc_add_request_header(transaction, (const unsigned char *)"Host", (const unsigned char *)"localhost");
    msc_process_request_headers(transaction);
    msc_process_request_body(transaction);
    msc_intervention(transaction, &intervention);
    printf("%d", intervention.status);
    print_matched(intervention.log);
    printf(" %s\n", value);
    free(intervention.log);
    free(intervention.url);
    msc_transaction_cleanup(transaction);
    return intervention.status;
}

static void keep_quiet(void *data, const void *message)
{
    (void)data;
    (void)message;
}

int main(int argc, char **argv)
{
    const char *error = NULL;
    ModSecurity *engine = msc_init();
    RulesSet *rules = msc_create_rules_set();

    if (argc < 2 || msc_rules_add_file(rules, argv[1], &error) < 0) {
        fprintf(stderr, "rules: %s\n", error == NULL ? "no file" : error);
        return 2;
    }
    msc_set_log_cb(engine, keep_quiet);
    for (int i = 2; i < argc; i++)
        ask(engine, rules, argv[i]);
    msc_rules_cleanup(rules);
    msc_cleanup(engine);
    return 0;
}
