// A small C++17 face over syntrap.h: objects that free themselves, errors that are exceptions.
#ifndef SYNTRAP_HPP
#define SYNTRAP_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <syntrap.h>

namespace syntrap {

class error : public std::runtime_error {
public:
    explicit error(syntrap_status status) : std::runtime_error(syntrap_message()), status(status) {}
    const syntrap_status status;
};

inline void check(syntrap_status status)
{
    if (status != SYNTRAP_OK)
        throw error(status);
}

inline std::string_view view(syntrap_text text)
{
    return {text.data, text.length};
}

template <auto Free>
struct deleter {
    template <typename T>
    void operator()(T *object) const { Free(object); }
};

// The answer about one value. Views and findings are valid while it lives.
class report {
public:
    explicit report(syntrap_report *owned) : handle(owned) {}

    syntrap_verdict verdict() const
    {
        syntrap_verdict verdict;
        check(syntrap_report_verdict(handle.get(), &verdict));
        return verdict;
    }

    std::vector<syntrap_finding> findings() const
    {
        std::vector<syntrap_finding> findings;
        syntrap_finding finding;
        while (syntrap_report_finding(handle.get(), findings.size(), &finding) == SYNTRAP_OK)
            findings.push_back(finding);
        return findings;
    }

    std::string_view json() const
    {
        syntrap_text text;
        check(syntrap_report_json(handle.get(), &text));
        return view(text);
    }

private:
    std::unique_ptr<syntrap_report, deleter<syntrap_report_free>> handle;
};

// What a detector looks for. Each call throws if a name is unknown.
class config {
public:
    config()
    {
        syntrap_config *owned;
        check(syntrap_config_new(&owned));
        handle.reset(owned);
    }

    config &languages(std::string_view names)
    {
        check(syntrap_config_languages(handle.get(), names.data(), names.size()));
        return *this;
    }

    config &contexts(std::string_view names)
    {
        check(syntrap_config_contexts(handle.get(), names.data(), names.size()));
        return *this;
    }

    config &policy(std::string_view name)
    {
        check(syntrap_config_policy(handle.get(), name.data(), name.size()));
        return *this;
    }

    // A program of the server's own that its shells find.
    config &add_program(std::string_view name)
    {
        check(syntrap_config_add_program(handle.get(), name.data(), name.size()));
        return *this;
    }

    const syntrap_config *get() const { return handle.get(); }

private:
    std::unique_ptr<syntrap_config, deleter<syntrap_config_free>> handle;
};

// Decides whether values are attacks. Make one and share it between threads.
class detector {
public:
    detector() { make(nullptr); }
    explicit detector(const config &config) { make(config.get()); }

    // Whether the value may pass: benign, and no limit was reached.
    bool is_benign(std::string_view value) const
    {
        syntrap_verdict verdict;
        syntrap_status status = syntrap_check(handle.get(), value.data(), value.size(), &verdict);
        if (status != SYNTRAP_LIMIT)
            check(status);
        return verdict == SYNTRAP_BENIGN;
    }

    syntrap::report scan(std::string_view value) const
    {
        syntrap_report *owned;
        check(syntrap_scan(handle.get(), value.data(), value.size(), &owned));
        return syntrap::report(owned);
    }

    const syntrap_detector *get() const { return handle.get(); }

private:
    void make(const syntrap_config *config)
    {
        syntrap_detector *owned;
        check(syntrap_detector_new(config, &owned));
        handle.reset(owned);
    }

    std::unique_ptr<syntrap_detector, deleter<syntrap_detector_free>> handle;
};

// A value that arrives in pieces. One thread at a time.
class stream {
public:
    explicit stream(const detector &detector)
    {
        syntrap_stream *owned;
        check(syntrap_stream_new(detector.get(), &owned));
        handle.reset(owned);
    }

    void push(std::string_view piece)
    {
        check(syntrap_stream_push(handle.get(), piece.data(), piece.size()));
    }

    report finish()
    {
        syntrap_report *owned;
        check(syntrap_stream_finish(handle.get(), &owned));
        return report(owned);
    }

private:
    std::unique_ptr<syntrap_stream, deleter<syntrap_stream_free>> handle;
};

} // namespace syntrap

#endif
