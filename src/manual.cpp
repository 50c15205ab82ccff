#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "src/command.hpp"

namespace zoneval::command {

namespace {

/// A line of roff that shows the text as it is.
std::string shown(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    return !out.empty() && (out[0] == '.' || out[0] == '\'') ? "\\&" + out : out;
}

/// Lines that keep their breaks; the indented ones are what people type.
std::string as_typed(const std::string& text) {
    std::string out = ".nf\n", line;
    std::istringstream lines(text);
    lines.exceptions(std::ios::badbit);  // memory that is not there is not the last line
    while (std::getline(lines, line)) out += shown(line) + "\n";
    return out + ".fi\n";
}

std::string options_of(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options()) {
        const bool positional = option->get_lnames().empty() && option->get_snames().empty();
        auto name = option->get_name(positional);
        if (const auto type = option->get_type_name(); !positional && !type.empty()) name += " " + type;
        out += ".TP\n.B " + shown(name) + "\n" + shown(option->get_description());
        if (!option->get_default_str().empty()) out += shown(fmt::format(" (default: {})", option->get_default_str()));
        out += "\n";
    }
    return out;
}

std::string manual(const CLI::App& app) {
    auto what = app.get_description();
    if (what.starts_with("zoneval ")) what.erase(0, std::string_view("zoneval ").size());
    if (what.ends_with('.')) what.pop_back();
    auto out = fmt::format(
        ".TH ZONEVAL 1 \"\" \"zoneval {0}\" \"User Commands\"\n.SH NAME\nzoneval \\- {1}\n"
        ".SH SYNOPSIS\n.B zoneval\n.I command\n[\\fIoptions\\fR]\n.SH OPTIONS\n{2}.SH COMMANDS\n",
        ZONEVAL_VERSION, shown(what), options_of(app));
    for (const auto* sub : app.get_subcommands({})) {
        if (sub->get_group().empty()) continue;
        out += ".SS zoneval " + shown(sub->get_name()) + "\n" + shown(sub->get_description()) + "\n" + options_of(*sub);
        out += ".PP\n" + as_typed(sub->get_footer());
    }
    return out + ".SH NOTES\n" + as_typed(app.get_footer());
}

}  // namespace

void add_manual(CLI::App& app, Global&, Action& action) {
    auto* sub = app.add_subcommand("manual", "Prints the manual page.");
    sub->group("");  // for whoever packages the command: not listed
    sub->callback([&app, &action] {
        action = [&app] {
            std::cout << manual(app);
            return static_cast<int>(Exit::fine);
        };
    });
}

}  // namespace zoneval::command
