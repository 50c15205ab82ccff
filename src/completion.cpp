#include <fmt/format.h>

#include <iostream>

#include "src/command.hpp"

namespace zoneval::command {

namespace {

std::string option_words(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) out += (out.empty() ? "--" : " --") + name;
    return out;
}

// The words come from the command's own definitions, so they cannot fall behind.
std::string bash(const CLI::App& app) {
    std::string cases, names;
    for (const auto* sub : app.get_subcommands({})) {
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

std::string fish(const CLI::App& app) {
    std::string out;
    for (const auto* sub : app.get_subcommands({})) {
        out += fmt::format("complete -c zoneval -n __fish_use_subcommand -a {} -d '{}'\n", sub->get_name(),
                           sub->get_description());
        for (const auto* option : sub->get_options())
            for (const auto& name : option->get_lnames())
                out += fmt::format("complete -c zoneval -n '__fish_seen_subcommand_from {}' -l {} -d '{}'\n",
                                   sub->get_name(), name, option->get_description());
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
            if (*shell == "fish")
                std::cout << fish(app);
            else
                std::cout << (*shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") << bash(app);
            return static_cast<int>(Exit::fine);
        };
    });
}

}  // namespace zoneval::command
