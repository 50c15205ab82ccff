#include "engine/io/bytes/text.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine/diag/no_memory.hpp"
#include "engine/io/bytes/encodings.hpp"

namespace zoneval::io {

namespace {

/// Length of the well-formed UTF-8 sequence at `i`, 0 if there is none.
std::size_t sequence_length(std::string_view bytes, std::size_t i) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(k < bytes.size() ? bytes[k] : '\0'); };
    const auto follows = [&](std::size_t k) { return (at(k) & 0xC0) == 0x80; };
    const unsigned char first = at(i), second = at(i + 1);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(i + 1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!follows(i + 1) || !follows(i + 2)) return 0;
        const bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!follows(i + 1) || !follows(i + 2) || !follows(i + 3)) return 0;
        const bool overlong = first == 0xF0 && second < 0x90, too_large = first == 0xF4 && second > 0x8F;
        return overlong || too_large ? 0 : 4;
    }
    return 0;
}

class Converter {
  public:
    explicit Converter(const std::string& encoding) {
        const MemoryWatch memory;
        handle_ = iconv_open("UTF-8", encoding.c_str());
        if (!known()) memory.check();
    }
    ~Converter() {
        if (known()) iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

    /// Appends to `out`; the offset of the first byte that cannot be converted, or nullopt when all went well.
    std::optional<std::size_t> convert(std::string_view bytes, std::string& out) {
        auto* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
        std::size_t left = bytes.size();
        char buffer[64 * 1024];
        for (bool flushing = false;;) {
            char* to = buffer;
            std::size_t room = sizeof buffer;
            const auto result =
                flushing ? iconv(handle_, nullptr, nullptr, &to, &room) : iconv(handle_, &in, &left, &to, &room);
            out.append(buffer, sizeof buffer - room);
            if (result == static_cast<std::size_t>(-1) && errno != E2BIG) return bytes.size() - left;
            if (result == static_cast<std::size_t>(-1)) continue;
            if (flushing) return std::nullopt;
            flushing = true;
        }
    }

  private:
    iconv_t handle_;
};

/// The place just behind `before`, the well-formed text ahead of a bad byte.
Location behind(std::string_view before, const std::string& file) {
    Location where;
    where.file = file;
    where.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
    const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    where.line_text = std::string(before.substr(line_start));
    where.column = static_cast<std::uint32_t>(1 + count_code_points(where.line_text));
    return where;
}

void add_bad_byte(std::string_view bytes, std::size_t offset, std::string_view before, const std::string& file,
                  const std::string& encoding, std::string hint, Diagnostics& diagnostics) {
    const auto what = offset < bytes.size()
                          ? fmt::format("byte 0x{:02X} is not {}", static_cast<unsigned char>(bytes[offset]), encoding)
                          : fmt::format("the file ends in the middle of a character of {}", encoding);
    diagnostics.add(
        {Kind::wrong_encoding, what, behind(before, file), fmt::format("text in {}", encoding), std::move(hint)});
}

/// What the bytes could be, each with what it makes of the text: people see at once which is right.
std::string encoding_advice(std::string_view bytes) {
    constexpr std::size_t most_looked_at = 1 << 20;
    auto looked_at = bytes.substr(0, most_looked_at);
    if (looked_at.size() < bytes.size()) looked_at = looked_at.substr(0, looked_at.rfind('\n'));
    const auto guesses = guess_encodings(looked_at);
    if (guesses.empty()) return "save the file as UTF-8 (Excel: \"CSV UTF-8\"), or name its encoding with `--encoding`";
    std::string out;
    for (const auto& [encoding, sample] : guesses)
        out += fmt::format("{}`--encoding {}` reads `{}`", out.empty() ? "" : ", ", encoding, sample);
    return out + (guesses.size() == 1 ? "" : ": whichever looks right");
}

bool check_utf8(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    const auto bad = first_invalid_utf8(bytes);
    if (!bad) return true;
    add_bad_byte(bytes, *bad, bytes.substr(0, *bad), file, "UTF-8", encoding_advice(bytes), diagnostics);
    return false;
}

bool is_utf8(std::string_view name) {
    std::string folded;
    for (const char c : name)
        if (c != '-' && c != '_') folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return folded == "utf8" || folded.empty();
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view bytes) {
    constexpr std::uint64_t high_bits = 0x8080808080808080ull;
    std::size_t i = 0;
    while (i < bytes.size()) {
        std::uint64_t eight = 0;
        if (i + sizeof eight <= bytes.size()) {
            std::memcpy(&eight, bytes.data() + i, sizeof eight);
            if ((eight & high_bits) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        const auto length = sequence_length(bytes, i);
        if (length == 0) return i;
        i += length;
    }
    return std::nullopt;
}

std::optional<std::string_view> utf8_of(std::string_view bytes, const std::string& file, const std::string& encoding,
                                        std::string& converted, Diagnostics& diagnostics) {
    using namespace std::string_view_literals;
    auto from = encoding;
    struct Mark {
        std::string_view bytes;
        const char* encoding;
    };
    for (const auto& mark :
         {Mark{"\xEF\xBB\xBF"sv, "UTF-8"}, Mark{"\xFF\xFE"sv, "UTF-16LE"}, Mark{"\xFE\xFF"sv, "UTF-16BE"}}) {
        if (!bytes.starts_with(mark.bytes)) continue;
        bytes.remove_prefix(mark.bytes.size());
        from = mark.encoding;
        break;
    }
    if (const auto wide = unmarked_utf16(bytes); is_utf8(from) && !wide.empty()) {
        Location where;
        where.file = file;
        diagnostics.add({Kind::wrong_encoding, "the text is UTF-16, and no mark at its beginning says so", where,
                         "text in UTF-8", fmt::format("`--encoding {}` reads it", wide)});
        return std::nullopt;
    }
    if (is_utf8(from)) return check_utf8(bytes, file, diagnostics) ? std::optional(bytes) : std::nullopt;

    Converter converter(from);
    if (!converter.known()) {
        Location where;
        where.file = file;
        diagnostics.add({Kind::wrong_encoding, fmt::format("the encoding `{}` is not known here", from), where,
                         "a name that `iconv --list` prints, such as UTF-8, GB18030, Big5 or windows-1252", ""});
        return std::nullopt;
    }
    converted.reserve(bytes.size() + bytes.size() / 2);
    if (const auto bad = converter.convert(bytes, converted)) {
        add_bad_byte(bytes, *bad, converted, file, from,
                     first_invalid_utf8(bytes) ? "" : "the bytes are well-formed UTF-8: leave `--encoding` out",
                     diagnostics);
        return std::nullopt;
    }
    return converted;
}

}  // namespace zoneval::io
