// The terminals of the grammar. Private to it; free of X3.
#pragma once

#include <string_view>

#include "engine/feel/parsing/parse_context.hpp"

namespace zoneval::feel::grammar {

// Each skips white space, then matches or notes what it expected.
bool match_symbol(ParseContext& c, const char*& at, std::string_view symbol, Expect what);
bool match_keyword(ParseContext& c, const char*& at, std::string_view keyword, Expect what);
bool match_number(ParseContext& c, const char*& at);
bool match_string(ParseContext& c, const char*& at);
bool match_at_literal(ParseContext& c, const char*& at);
bool match_constant(ParseContext& c, const char*& at);        ///< true, false, null
bool match_name(ParseContext& c, const char*& at);            ///< pushes a Name
bool match_member(ParseContext& c, const char*& at);          ///< after a dot; pushes a word
bool match_path_dot(ParseContext& c, const char*& at);        ///< `.` but not `..`
bool match_filter_open(ParseContext& c, const char*& at);     ///< `[` unless it closes a range
bool match_range_close(ParseContext& c, const char*& at);     ///< `]`, `)` or `[`; pushes a word
bool match_iterator_name(ParseContext& c, const char*& at);   ///< up to `in`; pushes word and scope
bool match_parameter_name(ParseContext& c, const char*& at);  ///< up to `,` `:` `)`; pushes word and scope
bool match_key(ParseContext& c, const char*& at);             ///< name or string and `:`; pushes word and scope
bool match_argument_name(ParseContext& c, const char*& at);   ///< name and `:`; pushes word
bool match_type(ParseContext& c, const char*& at);            ///< pushes a type
bool match_comparison(ParseContext& c, const char*& at);      ///< < <= > >= = !=; pushes a word
bool match_plain_callee(ParseContext& c, const char*& at);    ///< matches nothing: what is called is of this record
bool match_kind_open(ParseContext& c, const char*& at);       ///< `(` behind a function over another kind: its names
bool match_kind_close(ParseContext& c, const char*& at);      ///< `)`: the names outside again
bool match_end(ParseContext& c, const char*& at);

}  // namespace zoneval::feel::grammar
