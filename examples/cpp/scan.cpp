// Tells of each argument what it is, in which context and why. Exit status: 0 if all are benign, 1
// if not, 2 on an error.
#include <iostream>

#include "syntrap.hpp"

int main(int argc, char **argv)
try {
    const syntrap::detector detector;
    bool benign = true;

    for (int i = 1; i < argc; i++) {
        const std::string_view value = argv[i];
        if (detector.is_benign(value)) {
            std::cout << "benign: " << value << '\n';
            continue;
        }
        benign = false;
        const syntrap::report report = detector.scan(value);
        std::cout << (report.verdict() == SYNTRAP_ATTACK ? "attack: " : "undecided: ") << value << '\n';
        for (const syntrap_finding &finding : report.findings())
            std::cout << "  " << syntrap::view(finding.context) << ", as " << syntrap::view(finding.dialect)
                      << " reads it: " << value.substr(finding.begin, finding.end - finding.begin) << '\n';
    }
    return benign ? 0 : 1;
} catch (const syntrap::error &error) {
    std::cerr << "syntrap: " << error.what() << '\n';
    return 2;
}
