#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <tuple>

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

namespace {

constexpr std::size_t batches_told = 64;  // between two reports of progress

std::size_t width(Shape shape) { return shape == Shape::number ? 8 : shape == Shape::code ? 2 : 1; }

/// Where each register lives: registers whose lives do not overlap share a place.
struct Layout {
    std::vector<std::size_t> place;  ///< byte offset of each register
    std::size_t size = 0;

    /// Registers that are columns' own memory need no place.
    Layout(const Program& program, std::size_t batch, const std::vector<const std::int32_t*>& direct)
        : place(program.registers.size()) {
        std::vector<std::size_t> last(program.registers.size());
        const auto used = [&](Ref r, std::size_t when) {
            if (r >= 0) last[static_cast<std::size_t>(r)] = when;
        };
        for (std::size_t i = 0; i < program.code.size(); ++i) {
            used(program.code[i].out, i);
            for_each_read(program, program.code[i], [&](Ref r) { used(r, i); });
        }
        for (const auto& o : program.outputs) used(o.data, program.code.size()), used(o.mask, program.code.size());
        for (const auto& v : program.verdicts) used(v.hit, program.code.size());
        used(program.doubt, program.code.size());
        used(program.again, program.code.size());

        std::vector<std::vector<Ref>> ending(program.code.size() + 1);
        for (std::size_t r = 0; r < last.size(); ++r) ending[last[r]].push_back(static_cast<Ref>(r));
        std::vector<std::size_t> free[3];
        std::vector<bool> born(program.registers.size());
        for (std::size_t i = 0; i < program.code.size(); ++i) {
            const auto out = static_cast<std::size_t>(program.code[i].out);
            if (!born[out] && !direct[out]) {
                born[out] = true;
                auto& pool = free[static_cast<std::size_t>(program.registers[out])];
                if (pool.empty()) {
                    pool.push_back(size);
                    size += (batch * width(program.registers[out]) + 63) / 64 * 64;
                }
                place[out] = pool.back();
                pool.pop_back();
            }
            for (const auto r : ending[i]) {
                const auto at = static_cast<std::size_t>(r);
                if (born[at]) free[static_cast<std::size_t>(program.registers[at])].push_back(place[at]);
            }
        }
    }
};

/// Registers of narrow columns that are read where they are, and the columns; nullptr for others.
std::vector<const std::int32_t*> direct_columns(const Program& program, bool in_order) {
    std::vector<const std::int32_t*> out(program.registers.size());
    if (in_order)
        for (const auto& i : program.code)
            if (i.op == Op::load_small)
                out[static_cast<std::size_t>(i.out)] =
                    static_cast<const std::int32_t*>(program.sources[i.index()].data);
    return out;
}

/// Has the next batch's columns fetched, a few lines before each instruction of this one: they are more than processors
/// follow by themselves, and memory would rest while registers are worked on.
class Fetcher {
  public:
    Fetcher(const Program& program, bool in_order) {
        for (const auto& i : program.code) {
            const std::size_t bytes = operation(i.op).column_bytes;
            if (bytes == 0) continue;
            const auto& source = program.sources[i.index()];
            if (source.by_row && !in_order) continue;
            streams_.push_back({static_cast<const char*>(source.group ? source.group : source.data), bytes});
            row_bytes_ += bytes;
        }
        steps_ = std::max<std::size_t>(program.code.size(), 1);
    }

    void start(std::size_t first, std::size_t n) {
        first_ = first, rows_ = n, stream_ = 0;
        at_ = end_ = nullptr;
        lines_a_step_ = n == 0 ? 0 : (row_bytes_ * n / line + streams_.size()) / steps_ + 1;
    }
    void step() {
        for (auto lines = lines_a_step_; lines > 0; --lines, at_ += line) {
            if (at_ >= end_) {
                if (stream_ == streams_.size()) return;
                const auto [data, bytes] = streams_[stream_++];
                at_ = data + first_ * bytes;
                end_ = at_ + rows_ * bytes;
            }
            __builtin_prefetch(at_, 0, 3);
        }
    }

  private:
    static constexpr std::size_t line = 64;
    struct Stream {
        const char* data;
        std::size_t bytes;
    };
    std::vector<Stream> streams_;
    std::size_t row_bytes_ = 0, steps_ = 1, first_ = 0, rows_ = 0, stream_ = 0, lines_a_step_ = 0;
    const char *at_ = nullptr, *end_ = nullptr;  ///< of the stream being fetched
};

class Machine {
  public:
    Machine(const Program& program, const Layout& layout, const std::vector<const std::int32_t*>& direct,
            const std::uint32_t* rows, std::size_t count, const RunOptions& options)
        : p_(program),
          layout_(layout),
          direct_(direct),
          k_(options.kernels ? *options.kernels : kernels()),
          rows_(rows),
          count_(count),
          profile_(options.profile),
          fetcher_(program, !rows),
          spans_(program.outputs.size()),
          memory_(static_cast<std::byte*>(::operator new (layout.size + 64, std::align_val_t{64}))) {
        for (const auto& terms : p_.sums) {
            auto& sum = sums_.emplace_back();
            for (const auto& t : terms)
                sum.push_back({{},
                               t.clamped,
                               t.clamp,
                               t.factor,
                               t.condition == no_ref ? In<std::uint8_t>{} : byte(t.condition),
                               t.reversed,
                               t.otherwise});
        }
    }

    void batch_at(std::size_t first, std::size_t n, LeftOver& left) {
        first_ = first;
        fetcher_.start(first + n, std::min(n, count_ - first - n));
        for (const auto& instruction : p_.code) {
            fetcher_.step();
            if (profile_)
                timed(instruction, n);
            else
                execute(instruction, n);
        }
        for (std::size_t o = 0; o < p_.outputs.size(); ++o) store(o, first, n);
        for (const auto& verdict : p_.verdicts) store_data(verdict.column->rules, byte(verdict.hit), first, n);
        collect(p_.doubt, first, n, left.doubt);
        collect(p_.again, first, n, left.again);
    }

    const std::vector<Span>& spans() const { return spans_; }

  private:
    struct Free {
        void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{64}); }
    };

    void collect(Ref lanes, std::size_t first, std::size_t n, std::vector<std::uint32_t>& out) const {
        if (lanes == no_ref) return;
        const auto* set = at<std::uint8_t>(lanes);
        for (std::size_t i = 0; i < n; ++i)
            if (set[i]) out.push_back(static_cast<std::uint32_t>(first + i));
    }

    template <class T>
    T* at(Ref r) const {
        return reinterpret_cast<T*>(memory_.get() + layout_.place[static_cast<std::size_t>(r)]);
    }
    template <class T>
    In<T> in(Ref r, const std::vector<T>& constants) const {
        In<T> out;
        static constexpr T nothing{};
        out.at = r >= 0 ? at<T>(r) : r == no_ref ? &nothing : &constants[constant_index(r)];
        out.single = r < 0;
        return out;
    }
    In<double> number(Ref r) const {
        if (r >= 0)
            if (const auto* whole = direct_[static_cast<std::size_t>(r)]) return {nullptr, false, whole + first_};
        return in<double>(r, p_.numbers);
    }
    In<std::uint8_t> byte(Ref r) const { return in<std::uint8_t>(r, p_.bytes); }
    In<std::uint16_t> code(Ref r) const { return in<std::uint16_t>(r, p_.codes); }

    void timed(const Instruction& i, std::size_t n) {
        using Clock = std::chrono::steady_clock;
        const auto began = Clock::now();
        execute(i, n);
        if (i.node >= 0)
            profile_->nanoseconds[static_cast<std::size_t>(i.node)] +=
                static_cast<std::uint64_t>((Clock::now() - began).count());
    }

    void execute(const Instruction& i, std::size_t n) {
        static constexpr Run runs[] = {
#define ZONEVAL_OPERATION(name, ...) &Machine::run<&Kernels::name>,
#include "engine/exec/columns/operations.def"
#undef ZONEVAL_OPERATION
        };
        if (direct_[static_cast<std::size_t>(i.out)]) return;  // read where it is
        (this->*runs[static_cast<std::size_t>(i.op)])(i, n);
    }

    using Run = void (Machine::*)(const Instruction&, std::size_t);
    template <auto kernel>
    void run(const Instruction& i, std::size_t n) {
        call(k_.*kernel, i, n);
    }
    template <class Out, class... Rest>
    void call(void (*kernel)(Out, Rest...), const Instruction& i, std::size_t n) {
        Arguments given{*this, i, n};
        const std::tuple<Rest...> rest{given.template next<Rest>()...};  // braces: from left to right
        std::apply([&](const auto&... all) { kernel(given.template result<Out>(), all...); }, rest);
    }

    /// What a kernel is given, one after the other.
    struct Arguments {
        Machine& machine;
        const Instruction& i;
        std::size_t n, operand = 0;

        template <class Out>
        Out result() const {
            if constexpr (kernel_parameters::Of<Out>::onto)
                return machine.argument(std::type_identity<Out>{}, i.out);
            else
                return machine.at<std::remove_pointer_t<Out>>(i.out);
        }
        template <class T>
        T next() {
            if constexpr (std::is_same_v<T, std::size_t>)
                return n;
            else if constexpr (kernel_parameters::Of<T>::operand)
                return machine.argument(std::type_identity<T>{}, i.in[operand++]);
            else
                return machine.argument(std::type_identity<T>{}, i);
        }
    };
    In<double> argument(std::type_identity<In<double>>, Ref r) const { return number(r); }
    In<std::uint8_t> argument(std::type_identity<In<std::uint8_t>>, Ref r) const { return byte(r); }
    In<std::uint16_t> argument(std::type_identity<In<std::uint16_t>>, Ref r) const { return code(r); }
    Onto<std::uint8_t> argument(std::type_identity<Onto<std::uint8_t>>, Ref r) const { return {at<std::uint8_t>(r)}; }
    template <class T>
    Slice<T> argument(std::type_identity<Slice<T>>, const Instruction& i) const {
        const auto& source = p_.sources[i.index()];
        return {static_cast<const T*>(source.data), source.by_row ? rows_ : nullptr, first_};
    }
    ByGroup argument(std::type_identity<ByGroup>, const Instruction& i) const {
        const auto& source = p_.sources[i.index()];
        return {static_cast<const double*>(source.data), source.groups, source.group + first_};
    }
    template <class T>
    Entries<T> argument(std::type_identity<Entries<T>>, const Instruction& i) const {
        if constexpr (std::is_same_v<T, double>)
            return {p_.number_tables[i.index()].data()};
        else if constexpr (std::is_same_v<T, std::uint16_t>)
            return {p_.code_tables[i.index()].data()};
        else
            return {p_.byte_tables[i.index()].data()};
    }
    MissingKinds argument(std::type_identity<MissingKinds>, const Instruction& i) const {
        const auto* index = std::get_if<Index>(&i.payload);
        return index ? MissingKinds{p_.sources[index->at].kinds} : std::get<MissingKinds>(i.payload);
    }
    Addends argument(std::type_identity<Addends>, const Instruction& i) {
        auto& sum = sums_[i.index()];
        const auto& terms = p_.sums[i.index()];
        for (std::size_t t = 0; t < sum.size(); ++t) sum[t].x = number(terms[t].x);
        return sum;
    }
    template <class T>
    const T& argument(std::type_identity<T>, const Instruction& i) const {
        return std::get<T>(i.payload);
    }

    template <class Column, class T>
    void store_data(Column& column, In<T> data, std::size_t first, std::size_t n) {
        const auto to = column.begin() + static_cast<std::ptrdiff_t>(first);
        if (data.single)
            std::fill_n(to, n, *data.at);
        else
            std::copy_n(data.at, n, to);
    }

    void store(std::size_t o, std::size_t first, std::size_t n) {
        const auto& output = p_.outputs[o];
        auto& column = *output.column;
        if (column.shape == Shape::number) {
            const auto data = number(output.data);
            k_.copy(column.numbers.data() + first, data, n);
            k_.span(data, byte(output.mask), spans_[o], n);
        } else if (column.shape == Shape::truth)
            store_data(column.truths, byte(output.data), first, n);
        else
            store_data(column.codes, code(output.data), first, n);
        if (!column.masks.empty()) store_data(column.masks, byte(output.mask), first, n);
    }

    const Program& p_;
    const Layout& layout_;
    const std::vector<const std::int32_t*>& direct_;
    std::size_t first_ = 0;  ///< row of the batch
    const Kernels& k_;
    const std::uint32_t* rows_;
    std::size_t count_;
    Profile* profile_;
    Fetcher fetcher_;
    std::vector<Span> spans_;  ///< of the outputs
    std::unique_ptr<std::byte, Free> memory_;
    std::vector<std::vector<Addend>> sums_;  ///< as the program has them; x is set for each batch
};

void make_room(const Program& program, std::size_t count) {
    for (const auto& o : program.outputs) {
        if (o.column->shape == Shape::number)
            o.column->numbers.resize(count);
        else if (o.column->shape == Shape::truth)
            o.column->truths.resize(count);
        else
            o.column->codes.resize(count);
        if (o.mask != no_ref) o.column->masks.resize(count);
    }
    for (const auto& v : program.verdicts) v.column->rules.resize(count);
}

}  // namespace

std::optional<std::uint16_t> StringCodes::code(std::string_view text) {
    std::string key(text);
    if (const auto found = codes_.find(key); found != codes_.end()) return found->second;
    if (texts_.size() >= 65'535) return std::nullopt;
    const auto out = static_cast<std::uint16_t>(texts_.size());
    texts_.push_back(key);
    codes_.emplace(std::move(key), out);
    return out;
}

const Kernels& kernels() {
#if defined(__x86_64__)
    static const Kernels& best =
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            ? kernels_v4
        : __builtin_cpu_supports("avx2") ? kernels_v3
                                         : kernels_base;
    return best;
#else
    return kernels_base;
#endif
}

LeftOver run(const Program& program, const std::uint32_t* rows, std::size_t count, const RunOptions& options) {
    make_room(program, count);
    const auto batch = options.batch;
    const auto direct = direct_columns(program, !rows);
    const Layout layout(program, batch, direct);
    const auto batches = (count + batch - 1) / batch;
    const auto threads = options.profile ? 1u : std::max(1u, std::min(options.threads, static_cast<unsigned>(batches)));
    std::vector<LeftOver> left(threads);
    std::vector<Span> spans(program.outputs.size());
    std::mutex joining;
    // Neighbouring batches go to one thread, so that what is left over comes out in order.
    const auto work = [&](unsigned t) {
        Machine machine(program, layout, direct, rows, count, options);
        const auto first = batches * t / threads, last = batches * (t + 1) / threads;
        for (auto b = first; b < last; ++b) {
            if (options.progress && t == 0 && b % batches_told == 0) options.progress(b * batch * threads, count);
            machine.batch_at(b * batch, std::min(batch, count - b * batch), left[t]);
        }
        const std::scoped_lock lock(joining);
        for (std::size_t o = 0; o < spans.size(); ++o) {
            spans[o].low = std::min(spans[o].low, machine.spans()[o].low);
            spans[o].high = std::max(spans[o].high, machine.spans()[o].high);
        }
    };
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
    work(0);
    others.clear();
    for (std::size_t o = 0; o < spans.size(); ++o) {
        auto& bound = program.outputs[o].column->bound;
        if (spans[o].low <= spans[o].high)
            bound.low = std::max(bound.low, spans[o].low), bound.high = std::min(bound.high, spans[o].high);
    }
    LeftOver out;
    for (const auto& some : left) {
        out.doubt.insert(out.doubt.end(), some.doubt.begin(), some.doubt.end());
        out.again.insert(out.again.end(), some.again.begin(), some.again.end());
    }
    return out;
}

}  // namespace zoneval::exec
