#include <cstdio>
#include <cstdlib>

#include "engine/api/guard.hpp"
#include "engine/table/work.hpp"

namespace zoneval {

namespace api {

namespace {

Finding::Severity severity_of(Kind kind) {
    switch (severity(kind)) {
        case Severity::error: return Finding::Severity::error;
        case Severity::warning: return Finding::Severity::warning;
        case Severity::note: return Finding::Severity::note;
    }
    return Finding::Severity::error;
}

}  // namespace

Finding finding(Kind kind, std::string message, std::string expected, std::string hint) {
    Finding out;
    out.severity = severity_of(kind);
    out.code = code(kind);
    out.message = std::move(message);
    out.expected = std::move(expected);
    out.hint = std::move(hint);
    return out;
}

Findings findings_of(const Diagnostics& diagnostics) {
    Findings out;
    for (const auto& d : diagnostics.all()) {
        auto& next = out.emplace_back(finding(d.kind, d.message, d.expected, d.hint));
        next.file = d.where.file;
        next.sheet = d.where.sheet;
        next.line = d.where.line;
        next.column = d.where.column;
        next.length = d.where.length;
    }
    return out;
}

Findings findings_of_current_exception() noexcept {
    try {
        throw;
    } catch (InputError& error) {
        error.diagnostics.sort();
        return findings_of(error.diagnostics);
    } catch (const Stopped&) {
        return {finding(Kind::stopped, "the work was stopped on request")};
    } catch (const std::exception& error) {
        return {finding(Kind::internal_error, error.what())};
    } catch (...) {
        return {finding(Kind::internal_error, "something was thrown that is no exception")};
    }
}

}  // namespace api

std::string to_text(const Findings& findings) {
    std::string out;
    for (const auto& f : findings) {
        if (!f.file.empty()) out += f.file + (f.sheet.empty() ? "" : " [" + f.sheet + "]") + ":";
        if (f.line > 0) out += std::to_string(f.line) + ":";
        if (f.column > 0) out += std::to_string(f.column) + ":";
        if (!f.file.empty()) out += " ";
        out += f.severity == Finding::Severity::error     ? "error "
               : f.severity == Finding::Severity::warning ? "warning "
                                                          : "note ";
        out += f.code + ": " + f.message;
        if (!f.expected.empty() || !f.hint.empty())
            out += " (" + (f.expected.empty() ? "" : "expected " + f.expected) +
                   (f.expected.empty() || f.hint.empty() ? "" : "; ") + f.hint + ")";
        out += '\n';
    }
    return out;
}

void detail::no_value(const Findings& findings) {
    const auto text = "zoneval: a value was taken from a result that has none\n" + to_text(findings);
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::abort();
}

}  // namespace zoneval
