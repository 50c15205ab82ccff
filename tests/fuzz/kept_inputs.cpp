// Every fuzz target on the inputs that are kept, and on others made of them by chance: what needs no fuzzer, in every
// build.
//   kept_inputs FOLDER COUNT   COUNT inputs made of each kept one
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#define ZONEVAL_TARGETS(X) \
    X(feel_round_trip)     \
    X(feel_evaluate)       \
    X(read_rules)          \
    X(read_csv)            \
    X(read_shaped)         \
    X(read_table)          \
    X(read_xlsx)           \
    X(read_answers)        \
    X(read_indicators)     \
    X(read_stored)         \
    X(read_seal)           \
    X(read_letter)         \
    X(read_request)

extern "C" {
#define ZONEVAL_DECLARE(name) int fuzz_##name(const std::uint8_t* data, std::size_t size);
ZONEVAL_TARGETS(ZONEVAL_DECLARE)
}

namespace {

std::string_view target_name, tried;  ///< for whoever looks into a crash

extern "C" void on_crash(int signal) {
    const auto put = [](int to, std::string_view text) {
        [[maybe_unused]] const auto written = ::write(to, text.data(), text.size());
    };
    put(STDERR_FILENO, target_name);
    put(STDERR_FILENO, ": crashed on what is kept in the file `crashed` here\n");
    put(::open("crashed", O_WRONLY | O_CREAT | O_TRUNC, 0644), tried);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::string changed(std::string text, const std::string& other, std::mt19937_64& chance) {
    for (auto edits = 1 + chance() % 4; edits > 0; --edits) {
        const auto at = chance() % (text.size() + 1), length = chance() % 8;
        switch (chance() % 5) {
            case 0: text.insert(at, 1, static_cast<char>(chance())); break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(at, other.substr(chance() % (other.size() + 1), length * 4)); break;
            case 3: text.insert(at, text.substr(at, length)); break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << chance() % 8));
        }
    }
    return text;
}

using Target = int (*)(const std::uint8_t*, std::size_t);

std::size_t run(const std::string& name, Target target, const std::filesystem::path& folder, std::size_t count) {
    target_name = name;
    std::vector<std::filesystem::path> files;
    if (std::filesystem::exists(folder / name))
        for (const auto& entry : std::filesystem::directory_iterator(folder / name)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> kept(1);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        kept.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    std::mt19937_64 chance(1);
    std::size_t done = 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
        for (std::size_t k = 0; k <= count; ++k, ++done) {
            const auto input = k == 0 ? kept[i] : changed(kept[i], kept[chance() % kept.size()], chance);
            tried = input;
            target(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
        }
    return done;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(signal, on_crash);
    const auto count = std::stoul(argv[2]);
#define ZONEVAL_RUN(name) \
    std::cout << #name << ": " << run(#name, fuzz_##name, argv[1], count) << " inputs\n" << std::flush;
    ZONEVAL_TARGETS(ZONEVAL_RUN)
    return 0;
}
