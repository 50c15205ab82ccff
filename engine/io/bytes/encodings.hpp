// Which encoding bytes are in, told by what the text would look like.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval::io {

/// The text as UTF-8; nullopt where a byte does not fit, or the encoding has no such name.
std::optional<std::string> decoded(std::string_view bytes, const std::string& encoding);

struct EncodingGuess {
    std::string encoding;  ///< as iconv calls it
    std::string sample;    ///< the first words beyond ASCII, as they would read
};
/// Of bytes that are not UTF-8: what they could be, the likeliest first; those far less likely are left out. Told apart
/// are GB 18030, Big5, Shift-JIS, EUC-KR and windows-1252.
std::vector<EncodingGuess> guess_encodings(std::string_view bytes);

/// "UTF-16LE" or "UTF-16BE" where every other byte of the beginning is zero, and no mark says so; else "".
std::string unmarked_utf16(std::string_view bytes);

}  // namespace zoneval::io
