// A sheet's XML, or any bytes as a workbook: no crash, and either rows of one length or an error.
#include <cstdint>
#include <string>

#include "tests/fuzz/dataset.hpp"
#include "tests/io/workbook_builder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
    zoneval::io::ReadOptions options;
    options.shown_errors = 5;
    if (data[0] & 1) {
        zoneval::fuzz::read_and_check("PK\x03\x04" + std::string(rest), options);
        return 0;
    }
    // Compression hides the XML from the fuzzer, so it writes the parts and this packs them.
    zoneval::io::test::WorkbookBuilder book;
    static const char* const parts[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                        "xl/workbook.xml"};
    book.shared = "<si><t>zone</t></si><si><t>year</t></si><si><t>GDP</t></si>";
    book.rows =
        R"(<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row><row><c><v>7</v></c><c><v>2024</v></c><c s="1"><v>45413</v></c></row>)";
    book.replaced[parts[(data[0] >> 1) & 3]] = rest;
    zoneval::fuzz::read_and_check(book.bytes(), options);
    return 0;
}
