// What the shared library shows.
#pragma once

#if defined(_WIN32)
#define ZONEVAL_API
#else
#define ZONEVAL_API __attribute__((visibility("default")))
#endif
