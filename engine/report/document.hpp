// One HTML document: no network, no script needed, its style in itself.
#pragma once

#include <string>
#include <vector>

#include "engine/wording/language.hpp"

namespace zoneval::report {

struct Document {
    wording::Language language = wording::Language::en;
    std::string title;                 ///< not escaped yet
    std::vector<std::string> banners;  ///< the same
    std::string bar;                   ///< HTML above everything else; empty: none
    std::string body;                  ///< HTML
    bool forms = false;                ///< it has forms that ask whoever served it
};
/// What a reader must know first: each escaped, one below the other.
std::string banners_html(const std::vector<std::string>& banners, wording::Language language);
/// The Content-Security-Policy lets nothing in but the style, by its hash.
std::string document(const Document& of);

/// Policies as served with a document, or with the yearly page. Headers say `frame-ancestors`, which pages cannot.
std::string document_policy(bool forms);
std::string yearly_page_policy();

}  // namespace zoneval::report
