/* Reads a value from standard input and tells what it is. Exit status: 0 benign, 1 not, 2 error.
 *
 *     cc scan.c $(pkg-config --cflags --libs syntrap) -o scan
 *     printf '%s' "1' OR 'a'='a" | ./scan
 */
#include <stdio.h>
#include <syntrap.h>

int main(void)
{
    syntrap_detector *detector;
    syntrap_stream *stream;
    syntrap_report *report;
    syntrap_verdict verdict = SYNTRAP_UNDECIDED;
    syntrap_text json;
    char piece[4096];
    size_t length;

    if (syntrap_detector_new(NULL, &detector) != SYNTRAP_OK ||
        syntrap_stream_new(detector, &stream) != SYNTRAP_OK)
        goto failed;
    while ((length = fread(piece, 1, sizeof piece, stdin)) > 0)
        if (syntrap_stream_push(stream, piece, length) != SYNTRAP_OK)
            goto failed;
    if (syntrap_stream_finish(stream, &report) != SYNTRAP_OK ||
        syntrap_report_verdict(report, &verdict) != SYNTRAP_OK ||
        syntrap_report_json(report, &json) != SYNTRAP_OK)
        goto failed;
    puts(json.data);

    syntrap_report_free(report);
    syntrap_stream_free(stream);
    syntrap_detector_free(detector);
    return verdict == SYNTRAP_BENIGN ? 0 : 1;

failed:
    fprintf(stderr, "syntrap: %s\n", syntrap_message());
    return 2;
}
