// Programs of the column machine: what operations are, that equal instructions are made once, and that joining
// instructions changes no bit.
#include <bit>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "engine/exec/compile/emitter.hpp"
#include "engine/exec/compile/fuse.hpp"

using namespace zoneval;
using exec::Emitter;
using exec::Op;
using exec::Ref;
using exec::Shape;

TEST_CASE("an operation is what its kernel is given") {
    std::set<std::string_view> names;
    for (const auto& operation : exec::operations) CHECK(names.insert(operation.name).second);
    const auto& less = exec::operation(Op::less);
    CHECK(less.name == "less");
    CHECK(less.result == exec::Shape::truth);
    CHECK(less.operands == 3);
    CHECK(less.reads[0] == exec::Shape::number);
    CHECK(less.reads[2] == exec::Shape::truth);
    CHECK(exec::operation(Op::near).accumulates);
    CHECK(!less.accumulates);
    CHECK(exec::operation(Op::round_near).operands == 3);  // with the rows in doubt, which it adds to
    CHECK(exec::operation(Op::sum).reads_terms);
    CHECK(exec::operation(Op::load_small).column_bytes == 4);
    CHECK(exec::operation(Op::load_by_group).column_bytes == 4);
    CHECK(exec::operation(Op::add).column_bytes == 0);
}

TEST_CASE("equal instructions are made once, and what they carry tells them apart") {
    Emitter e;
    const std::vector<double> column{1, 2};
    const auto x = e.emit(Op::load_numbers, {}, e.source({column.data(), false, nullptr, 0, 0}));
    CHECK(e.emit(Op::load_numbers, {}, e.source({column.data(), false, nullptr, 0, 0})) == x);
    CHECK(e.emit(Op::add, {x, e.number(1)}) == e.emit(Op::add, {x, e.number(1)}));
    CHECK(e.emit(Op::add, {x, e.number(1)}) != e.emit(Op::add, {x, e.number(2)}));
    using exec::RoundTo;
    const auto round = [&](feel::Rounding mode) { return e.emit(Op::round_exact, {x}, RoundTo{mode, 10, {}, {}}); };
    CHECK(round(feel::Rounding::floor) == round(feel::Rounding::floor));
    CHECK(round(feel::Rounding::floor) != round(feel::Rounding::ceiling));
    const auto before = e.program().code.size();
    e.add_onto(e.doubt(), Op::near, {x, e.number(1), exec::no_ref}, exec::Margin{0, 1e-9, 0});
    e.add_onto(e.doubt(), Op::near, {x, e.number(1), exec::no_ref}, exec::Margin{0, 1e-9, 0});
    CHECK(e.program().code.size() == before + 2);
    CHECK(e.program().code.front().op == Op::fill);  // nothing is in doubt before it is said
}

namespace {

/// Columns of random numbers, a mask and a condition, under the registers they are loaded to.
class Data {
  public:
    static constexpr std::size_t rows = 3000;

    Data() {
        std::mt19937_64 random(7);
        for (auto& column : numbers_) {
            column.resize(rows);
            for (auto& k : column) k = std::uniform_real_distribution(-50.0, 150.0)(random);
        }
        for (std::size_t i = 0; i < rows; ++i) {
            mask_.push_back(random() % 5 == 0 ? exec::mask_failed : 0);
            truth_.push_back(static_cast<std::uint8_t>(random() % 2));
        }
    }
    Ref number(Emitter& e, std::size_t i) const {
        return e.emit(Op::load_numbers, {}, e.source({numbers_[i].data(), false, nullptr, 0, 0}));
    }
    Ref mask(Emitter& e) const { return e.emit(Op::load_bytes, {}, e.source({mask_.data(), false, nullptr, 0, 0})); }
    Ref truth(Emitter& e) const { return e.emit(Op::load_bytes, {}, e.source({truth_.data(), false, nullptr, 0, 0})); }

  private:
    std::array<std::vector<double>, 3> numbers_;
    std::vector<std::uint8_t> mask_, truth_;
};

exec::NodeColumn computed(exec::Program& program, Ref result, exec::Shape shape) {
    exec::NodeColumn out;
    out.shape = shape;
    out.bound = {-1e9, 1e9, 0, 0, 1, 0};
    program.outputs = {{&out, result, exec::no_ref}};
    exec::run(program, nullptr, Data::rows, {});
    program.outputs.clear();
    return out;
}

/// Makes a program twice, joins its instructions once, and compares bit by bit; says which operations were left.
std::multiset<std::string_view> same_when_fused(const std::function<Ref(Emitter&, const Data&)>& make,
                                                exec::Shape shape) {
    const Data data;
    Emitter plain, joined;
    const auto result = make(plain, data);
    const auto expected = computed(plain.program(), result, shape);
    const auto again = make(joined, data);
    exec::NodeColumn kept;
    joined.program().outputs = {{&kept, again, exec::no_ref}};
    exec::fuse(joined.program());
    const auto got = computed(joined.program(), again, shape);
    CHECK(got.truths == expected.truths);
    REQUIRE(got.numbers.size() == expected.numbers.size());
    for (std::size_t i = 0; i < got.numbers.size(); ++i)
        CHECK(std::bit_cast<std::uint64_t>(got.numbers[i]) == std::bit_cast<std::uint64_t>(expected.numbers[i]));
    std::multiset<std::string_view> left;
    for (const auto& i : joined.program().code) left.insert(exec::operation(i.op).name);
    return left;
}

}  // namespace

TEST_CASE("points between goalposts are one instruction, and the same to the last bit") {
    for (const auto shift : {Op::add, Op::subtract})
        for (const bool constant_first : {false, true}) {
            const auto left = same_when_fused(
                [&](Emitter& e, const Data& data) {
                    const auto x = data.number(e, 0), c = e.number(12.3);
                    const auto shifted = constant_first ? e.emit(shift, {c, x}) : e.emit(shift, {x, c});
                    const auto scaled = e.emit(Op::multiply, {shifted, e.number(0.7)});
                    return e.emit(Op::maximum, {e.number(0), e.emit(Op::minimum, {e.number(100), scaled})});
                },
                exec::Shape::number);
            CHECK(left == std::multiset<std::string_view>{"load_numbers", "clamp"});
        }
}

TEST_CASE("a weighted sum with parts that may be missing is one instruction, and the same to the last bit") {
    const auto left = same_when_fused(
        [](Emitter& e, const Data& data) {
            const auto part = [&](std::size_t i, double weight) {
                return e.emit(Op::multiply, {data.number(e, i), e.number(weight)});
            };
            const auto missing = e.has_bits(data.mask(e), 0xff);
            const auto first = e.emit(Op::select_numbers, {missing, e.number(0), part(0, 0.3)});
            const auto second = e.emit(Op::select_numbers, {data.truth(e), part(1, 0.1), e.number(-2)});
            return e.emit(Op::subtract, {e.emit(Op::add, {first, second}), part(2, 1.7)});
        },
        exec::Shape::number);
    CHECK(left.count("sum") == 1);
    CHECK(left.count("add") + left.count("subtract") + left.count("multiply") + left.count("select_numbers") == 0);
}

TEST_CASE("a comparison that is null where its operands are is one instruction, and the same to the last bit") {
    for (const auto comparison : {Op::less, Op::less_equal, Op::equal}) {
        const auto left = same_when_fused(
            [&](Emitter& e, const Data& data) {
                const auto raw = e.emit(comparison, {data.number(e, 0), data.number(e, 1), exec::no_ref});
                return e.known_truth(raw, data.mask(e));
            },
            exec::Shape::truth);
        CHECK(left.count("keep_known") == 0);
    }
}
