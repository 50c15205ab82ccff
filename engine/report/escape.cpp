#include "engine/report/escape.hpp"

#include "engine/diag/terminal.hpp"

namespace zoneval::report {

std::string for_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = character_at(text, at);
        if (length == 0 || (is_obeyed(code) && code != '\n' && code != '\t'))
            out += "\xEF\xBF\xBD";
        else if (code == '&')
            out += "&amp;";
        else if (code == '<')
            out += "&lt;";
        else if (code == '>')
            out += "&gt;";
        else if (code == '"')
            out += "&quot;";
        else if (code == '\'')
            out += "&#39;";
        else
            out += text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return out;
}

std::string for_csv(std::string_view text) {
    std::string safe;
    for (const std::string_view start : {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"})
        if (text.starts_with(start)) safe = "'";
    safe += text;
    if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
    std::string out = "\"";
    for (const char c : safe) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

}  // namespace zoneval::report
