// XML as a stream of events, for the parts of a workbook. Names come without their prefix.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zoneval::io {

class Zip;

/// Why a part is not XML we read; a sentence for people.
struct XmlError {
    std::string message;
};

/// Attributes of one element, by name without prefix.
class Attributes {
  public:
    explicit Attributes(const char** pairs) : pairs_(pairs) {}
    /// Empty when the attribute is absent.
    std::string_view operator[](std::string_view name) const;

  private:
    const char** pairs_;
};

class XmlHandler {
  public:
    virtual ~XmlHandler() = default;
    virtual void begin(std::string_view element, const Attributes& attributes) = 0;
    virtual void end(std::string_view element) = 0;
    virtual void text(std::string_view) {}
};

/// Throws XmlError for malformed XML and for a document type declaration (workbooks have none; attacks do), ZipError
/// for the archive, and whatever the handler throws.
void read_xml(const Zip& zip, const std::string& part, XmlHandler& handler);

}  // namespace zoneval::io
