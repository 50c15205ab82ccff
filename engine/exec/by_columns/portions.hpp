// Work over many records by several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace zoneval::exec {

/// Calls work() on that many threads at once, this one among them; an error of one of them is thrown.
template <class Work>
void on_threads(std::size_t threads, const Work& work) {
    std::vector<std::jthread> others;
    std::exception_ptr failed;
    std::atomic<bool> caught = false;
    const auto guarded = [&] {
        try {
            work();
        } catch (...) {
            if (!caught.exchange(true)) failed = std::current_exception();
        }
    };
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(guarded);
    guarded();
    others.clear();
    if (failed) std::rethrow_exception(failed);
}

/// Each thread makes work, and calls work(i) for a portion of 0 to count - 1 at a time. Of errors the first in order is
/// thrown, whoever met it.
template <class MakeWork>
void in_portions(std::size_t count, std::size_t threads, const MakeWork& make_work, std::size_t portion = 64) {
    const auto portions = (count + portion - 1) / portion;
    std::vector<std::exception_ptr> refused(portions);
    std::atomic<std::size_t> next = 0;
    on_threads(std::min(threads, portions), [&] {
        auto work = make_work();
        for (auto p = next++; p < portions; p = next++) try {
                for (auto i = p * portion; i < std::min((p + 1) * portion, count); ++i) work(i);
            } catch (...) {
                refused[p] = std::current_exception();
            }
    });
    for (const auto& error : refused)
        if (error) std::rethrow_exception(error);
}

}  // namespace zoneval::exec
