#include "engine/feel/builtins/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>

#include "engine/feel/builtins/regex_translate.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

namespace {

struct CodeDeleter {
    void operator()(pcre2_code* p) const { pcre2_code_free(p); }
};
struct DataDeleter {
    void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
};
struct ContextDeleter {
    void operator()(pcre2_match_context* p) const { pcre2_match_context_free(p); }
};
using Code = std::shared_ptr<pcre2_code>;

struct Flags {
    bool dot_all = false, spaced = false, literal = false;
    std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
};

Flags read_flags(std::string_view text) {
    Flags out;
    for (const char c : text) {
        switch (c) {
            case 's': out.dot_all = true; break;
            case 'm': out.options |= PCRE2_MULTILINE; break;
            case 'i': out.options |= PCRE2_CASELESS; break;
            case 'x': out.spaced = true; break;
            case 'q': out.literal = true; break;
            default: throw RegexError{reasons::regex_flag(std::string(1, c))};
        }
    }
    if (out.literal) out.options = (out.options & PCRE2_CASELESS) | PCRE2_UTF | PCRE2_LITERAL;
    return out;
}

Code compile(std::string_view pattern, std::string_view flag_text) {
    if (pattern.size() > limits::pattern_bytes) throw RegexError{reasons::regex_too_long()};
    // A rule runs the same few patterns over many records.
    static std::unordered_map<std::string, Code> cache;
    static std::mutex reading;
    constexpr std::size_t cached = 64;
    auto key = std::string(flag_text) + '/' + std::string(pattern);
    const std::scoped_lock lock(reading);
    if (const auto it = cache.find(key); it != cache.end()) return it->second;
    const auto flags = read_flags(flag_text);
    const auto text = flags.literal ? std::string(pattern) : translate_regex(pattern, flags.dot_all, flags.spaced);
    int error = 0;
    PCRE2_SIZE offset = 0;
    Code code(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), flags.options, &error, &offset, nullptr),
        CodeDeleter{});
    if (!code) {
        if (error == PCRE2_ERROR_HEAP_FAILED) throw std::bad_alloc();
        PCRE2_UCHAR message[200] = {};
        pcre2_get_error_message(error, message, sizeof message);
        throw RegexError{reasons::regex_refused(reinterpret_cast<const char*>(message))};
    }
    if (cache.size() >= cached) cache.clear();
    cache.emplace(std::move(key), code);
    return code;
}

/// Runs one compiled pattern over one text; offsets of the groups after a match.
class Matcher {
  public:
    Matcher(Code code, std::string_view input)
        : code_(std::move(code)),
          input_(input),
          data_(pcre2_match_data_create_from_pattern(code_.get(), nullptr)),
          context_(pcre2_match_context_create(nullptr)) {
        if (!data_ || !context_) throw std::bad_alloc();
        pcre2_set_match_limit(context_.get(), limits::regex_match);
        pcre2_set_depth_limit(context_.get(), limits::regex_depth);
    }

    bool find(std::size_t from) {
        const auto result = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(input_.data()), input_.size(), from,
                                        0, data_.get(), context_.get());
        if (result == PCRE2_ERROR_NOMATCH) return false;
        if (result == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
        if (result < 0) throw RegexError{reasons::regex_too_costly()};
        return true;
    }
    std::size_t begin() const { return pcre2_get_ovector_pointer(data_.get())[0]; }
    std::size_t end() const { return pcre2_get_ovector_pointer(data_.get())[1]; }
    std::uint32_t groups() const { return pcre2_get_ovector_count(data_.get()) - 1; }
    std::string_view group(std::uint32_t n) const {
        const auto* offsets = pcre2_get_ovector_pointer(data_.get());
        const auto at = std::size_t{2} * n;
        if (n > groups() || offsets[at] == PCRE2_UNSET) return {};
        return input_.substr(offsets[at], offsets[at + 1] - offsets[at]);
    }

  private:
    Code code_;
    std::string_view input_;
    std::unique_ptr<pcre2_match_data, DataDeleter> data_;
    std::unique_ptr<pcre2_match_context, ContextDeleter> context_;
};

void append_replacement(std::string& out, std::string_view replacement, const Matcher& match) {
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const char c = replacement[i];
        const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
        if (c == '\\') {
            if (next != '\\' && next != '$') throw RegexError{reasons::replacement_backslash()};
            out += next;
            ++i;
        } else if (c == '$') {
            if (next < '0' || next > '9') throw RegexError{reasons::replacement_dollar()};
            std::uint32_t n = static_cast<std::uint32_t>(next - '0');
            ++i;
            while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
                const auto longer = n * 10 + static_cast<std::uint32_t>(replacement[i + 1] - '0');
                if (longer > match.groups()) break;
                n = longer;
                ++i;
            }
            out += match.group(n);
        } else {
            out += c;
        }
    }
}

void refuse_empty_match(const Code& code) {
    if (Matcher(code, "").find(0)) throw RegexError{reasons::regex_matches_nothing_everywhere()};
}

}  // namespace

bool regex_matches(std::string_view input, std::string_view pattern, std::string_view flags) {
    return Matcher(compile(pattern, flags), input).find(0);
}

std::string regex_replace(std::string_view input, std::string_view pattern, std::string_view replacement,
                          std::string_view flags) {
    const auto code = compile(pattern, flags);
    refuse_empty_match(code);
    const bool literal = flags.find('q') != std::string_view::npos;
    Matcher match(code, input);
    std::string out;
    std::size_t from = 0;
    while (from <= input.size() && match.find(from)) {
        out += input.substr(from, match.begin() - from);
        if (literal)
            out += replacement;
        else
            append_replacement(out, replacement, match);
        if (out.size() > limits::string_bytes) throw RegexError{reasons::result_too_long()};
        if (match.end() == from) throw RegexError{reasons::regex_matches_nothing()};
        from = match.end();
    }
    return out + std::string(input.substr(from));
}

std::vector<std::string> regex_split(std::string_view input, std::string_view pattern) {
    const auto code = compile(pattern, "");
    refuse_empty_match(code);
    Matcher match(code, input);
    std::vector<std::string> out;
    std::size_t from = 0;
    while (match.find(from)) {
        if (match.end() == match.begin()) throw RegexError{reasons::regex_matches_nothing()};
        out.emplace_back(input.substr(from, match.begin() - from));
        from = match.end();
        if (out.size() >= limits::list_length) throw RegexError{reasons::result_list_too_long()};
    }
    out.emplace_back(input.substr(from));
    return out;
}

}  // namespace zoneval::feel
