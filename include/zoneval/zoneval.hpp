// zoneval as a library: load a rule set, read or build a table, assess it, explain it, take the results as columns.
// docs/library.md tells it with an example; examples/embed is that example.
#pragma once

#include "zoneval/assessment.hpp"
#include "zoneval/data.hpp"
#include "zoneval/findings.hpp"
#include "zoneval/rule_set.hpp"
#include "zoneval/store.hpp"
