#include <fmt/format.h>

#include <iostream>

#include "src/command.hpp"

namespace zoneval::command {

namespace {

// The words come from the command's own definitions, so they cannot fall behind.

std::vector<const CLI::App*> listed(const CLI::App& app) {
    std::vector<const CLI::App*> out;
    for (const auto* sub : app.get_subcommands({}))
        if (!sub->get_group().empty()) out.push_back(sub);
    return out;
}

std::string option_words(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) out += (out.empty() ? "--" : " --") + name;
    return out;
}

/// In single quotes, as every shell reads them.
std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

std::string bash(const CLI::App& app) {
    std::string cases, names;
    for (const auto* sub : listed(app)) {
        names += (names.empty() ? "" : " ") + sub->get_name();
        cases += fmt::format("        {}) words='{}' ;;\n", sub->get_name(), option_words(*sub));
    }
    return fmt::format(R"(_zoneval() {{
    local words='{0}' word=${{COMP_WORDS[COMP_CWORD]}}
    case "${{COMP_WORDS[1]}}" in
{1}    esac
    [ "$COMP_CWORD" -eq 1 ] && words='{0} --help --version'
    case "$word" in
        -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
        *) if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "$words" -- "$word"));
           else COMPREPLY=($(compgen -f -- "$word")); fi ;;
    esac
}}
complete -o filenames -F _zoneval zoneval
)",
                       names, cases);
}

/// The arguments of _arguments for a command: its options, those with a value followed by a file or anything.
std::string zsh_arguments(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames())
            out += fmt::format(" \\\n            {}",
                               quoted(fmt::format("--{}[{}]{}", name, option->get_description(),
                                                  option->get_type_size() > 0 ? ":value:_files" : "")));
    return out;
}

std::string zsh(const CLI::App& app) {
    std::string commands, cases;
    for (const auto* sub : listed(app)) {
        commands += fmt::format("        {}\n", quoted(sub->get_name() + ":" + sub->get_description()));
        cases += fmt::format("        {}) _arguments{} \\\n            '*:file:_files' ;;\n", sub->get_name(),
                             zsh_arguments(*sub));
    }
    return fmt::format(R"(#compdef zoneval
_zoneval() {{
    local -a commands=(
{}    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    words=(zoneval $words[3,-1])
    (( CURRENT-- ))
    case $command in
{}    esac
}}
if [ "$funcstack[1]" = _zoneval ]; then _zoneval "$@"; else compdef _zoneval zoneval; fi
)",
                       commands, cases);
}

std::string fish(const CLI::App& app) {
    std::string out;
    for (const auto* sub : listed(app)) {
        out += fmt::format("complete -c zoneval -n __fish_use_subcommand -a {} -d {}\n", sub->get_name(),
                           quoted(sub->get_description()));
        for (const auto* option : sub->get_options())
            for (const auto& name : option->get_lnames())
                out += fmt::format("complete -c zoneval -n '__fish_seen_subcommand_from {}' -l {} -d {}\n",
                                   sub->get_name(), name, quoted(option->get_description()));
    }
    return out;
}

}  // namespace

void add_completion(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "completion", "Prints a completion script for a shell.",
                           "  source <(zoneval completion bash)\n"
                           "  zoneval completion zsh > ~/.zfunc/_zoneval\n"
                           "  zoneval completion fish > ~/.config/fish/completions/zoneval.fish");
    auto shell = std::make_shared<std::string>();
    sub->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    sub->callback([&app, &action, shell] {
        action = [&app, shell] {
            std::cout << (*shell == "fish" ? fish(app) : *shell == "zsh" ? zsh(app) : bash(app));
            return static_cast<int>(Exit::fine);
        };
    });
}

}  // namespace zoneval::command
