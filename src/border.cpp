#include "src/border.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/diag/palette.hpp"
#include "engine/diag/terminal.hpp"
#include "src/console.hpp"

namespace zoneval::command {

namespace {

using namespace std::string_view_literals;

/// What our own texts hold: colours (engine/diag/palette.hpp), and a line of progress that is cleared.
constexpr auto colours = palette(true);
constexpr std::array own_sequences = {colours.bold,   colours.dim,  colours.red,   colours.green,
                                      colours.yellow, colours.cyan, colours.reset, clear_line};
constexpr std::size_t longest_sequence = 5, longest_character = 4;

std::size_t own_sequence_at(std::string_view text) {
    for (const auto sequence : own_sequences)
        if (text.starts_with(sequence)) return sequence.size();
    return 0;
}

bool plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= ' ' && byte < 0x7F) || c == '\n' || c == '\t';
}

void append_escaped(std::string& out, char32_t code, bool json) {
    const auto number = static_cast<std::uint32_t>(code);
    if (!json)
        out += fmt::format("\\u{{{:X}}}", number);
    else if (number < 0x10000)
        out += fmt::format("\\u{:04x}", number);
    else
        out += fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0 + (number >> 10), 0xDC00 + (number & 0x3FF));
}

}  // namespace

Border::Border(std::ostream& stream, const Global& global, bool terminal)
    : stream_(stream), global_(global), terminal_(terminal), inner_(stream.rdbuf(this)) {}

Border::~Border() {
    let_through("", true);
    stream_.rdbuf(inner_);
}

bool Border::write(std::string_view text) {
    const auto size = static_cast<std::streamsize>(text.size());
    return inner_->sputn(text.data(), size) == size;
}

bool Border::let_through(std::string_view text, bool all) {
    if (waiting_.empty() && std::all_of(text.begin(), text.end(), plain)) return write(text);
    const auto whole = waiting_ + std::string(text);
    waiting_.clear();
    std::string out;
    std::size_t at = 0;
    while (at < whole.size()) {
        const auto rest = std::string_view(whole).substr(at);
        if (plain(rest.front())) {
            out += rest.front();
            ++at;
            continue;
        }
        if (const auto own = terminal_ ? own_sequence_at(rest) : 0; own > 0) {
            out += rest.substr(0, own);
            at += own;
            continue;
        }
        const bool may_go_on =
            rest.size() < (static_cast<unsigned char>(rest.front()) < ' ' ? longest_sequence : longest_character);
        const auto [code, length] = character_at(whole, at);
        const bool unfinished = length == 0 || (terminal_ && length == 1);
        if (!all && may_go_on && unfinished) break;
        if (length == 0 || is_obeyed(code))
            append_escaped(out, code, global_.json());
        else
            out += rest.substr(0, length);
        at += length == 0 ? 1 : length;
    }
    waiting_ = whole.substr(at);
    return write(out);
}

Border::int_type Border::overflow(int_type c) {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    return let_through({&one, 1}, false) ? c : traits_type::eof();
}

std::streamsize Border::xsputn(const char* text, std::streamsize size) {
    return let_through({text, static_cast<std::size_t>(size)}, false) ? size : 0;
}

int Border::sync() { return let_through("", true) ? inner_->pubsync() : -1; }

}  // namespace zoneval::command
