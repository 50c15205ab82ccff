#include "engine/io/bytes/xml.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <exception>
#include <memory>
#include <new>

#include "engine/io/bytes/zip.hpp"

namespace zoneval::io {

namespace {

std::string_view local_name(const char* name) {
    const std::string_view whole = name;
    const auto colon = whole.rfind(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

/// What the C callbacks share. Exceptions must not pass through expat: they wait in `thrown`.
struct Reading {
    XML_Parser parser;
    XmlHandler& handler;
    std::exception_ptr thrown{};
    bool has_doctype = false;

    template <class Call>
    void guarded(const Call& call) {
        if (thrown) return;
        try {
            call();
        } catch (...) {
            thrown = std::current_exception();
            XML_StopParser(parser, XML_FALSE);
        }
    }
};

void on_begin(void* data, const XML_Char* name, const XML_Char** attributes) {
    auto& reading = *static_cast<Reading*>(data);
    reading.guarded([&] { reading.handler.begin(local_name(name), Attributes(attributes)); });
}

void on_end(void* data, const XML_Char* name) {
    auto& reading = *static_cast<Reading*>(data);
    reading.guarded([&] { reading.handler.end(local_name(name)); });
}

void on_text(void* data, const XML_Char* text, int length) {
    auto& reading = *static_cast<Reading*>(data);
    reading.guarded([&] { reading.handler.text({text, static_cast<std::size_t>(length)}); });
}

void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    auto& reading = *static_cast<Reading*>(data);
    reading.has_doctype = true;
    XML_StopParser(reading.parser, XML_FALSE);
}

}  // namespace

std::string_view Attributes::operator[](std::string_view name) const {
    for (const char** pair = pairs_; *pair; pair += 2)
        if (local_name(pair[0]) == name) return pair[1];
    return {};
}

void read_xml(const Zip& zip, const std::string& part, XmlHandler& handler) {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                              XML_ParserFree);
    if (!parser) throw std::bad_alloc();
    Reading reading{parser.get(), handler};
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), on_begin, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    const auto fail = [&] {
        if (reading.thrown) std::rethrow_exception(reading.thrown);
        if (reading.has_doctype)
            throw XmlError{fmt::format("the part `{}` declares a document type, which no workbook does", part)};
        if (XML_GetErrorCode(parser.get()) == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
        throw XmlError{fmt::format("the part `{}` is not well-formed XML: {} at line {}", part,
                                   XML_ErrorString(XML_GetErrorCode(parser.get())),
                                   XML_GetCurrentLineNumber(parser.get()))};
    };
    XML_Index read = 0;
    zip.read(part, [&](std::string_view piece) {
        if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), 0) != XML_STATUS_OK) fail();
        // A tag or comment whose end has not come is kept whole; texts are handed on as they come.
        constexpr XML_Index longest_mark = 1 << 20;
        read += static_cast<XML_Index>(piece.size());
        if (const auto at = XML_GetCurrentByteIndex(parser.get()); at >= 0 && read - at > longest_mark)
            throw XmlError{fmt::format("the part `{}` holds a mark of more than {} bytes", part, longest_mark)};
    });
    if (XML_Parse(parser.get(), nullptr, 0, 1) != XML_STATUS_OK) fail();
}

}  // namespace zoneval::io
