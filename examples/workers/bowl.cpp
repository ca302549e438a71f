// The worker of bowl.py in C++17, with the header nlohmann/json.hpp.
//
// `g++ -std=c++17 -O2 -ffp-contract=off -o bowl examples/workers/bowl.cpp`, and `cargo omega worker check -- ./bowl` holds it
// against the protocol. Contraction would round a product and a sum once instead of twice, and another machine not.
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unistd.h>

using nlohmann::json;

static const json SPACE = json::parse(R"([
    {"name": "x", "kind": "float", "low": -2, "high": 2, "neutral": 0.5},
    {"name": "y", "kind": "float", "low": -2, "high": 2, "neutral": 0},
    {"name": "n", "kind": "int", "low": 1, "high": 4, "neutral": 2},
    {"name": "flip", "kind": "bool", "neutral": false},
    {"name": "mode", "kind": "choice", "choices": ["plain", "steep", "both"], "neutral": "plain"}
])");

/// Parameters that do not go together.
struct NotApplicable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// JSON has no numbers that are not finite; the protocol has words for them.
static json number(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/// What is calibrated: replace this function, and SPACE.
static json evaluate(const json& params, const json& slice) {
    // `get<double>` takes a switch for a number, too.
    for (const char* name : {"x", "y", "n"})
        if (!params.at(name).is_number()) throw std::invalid_argument("x, y and n are numbers");
    const double x = params.at("x"), y = params.at("y");
    const int n = params.at("n");
    const bool flip = params.at("flip");
    const std::string mode = params.at("mode");
    if (flip && mode == "both") throw NotApplicable("both ways at once");
    if (x > 1.9) throw std::invalid_argument("ValueError: off the table");
    const double slope = mode == "plain" ? 9.0 : 12.0;
    const double dx = x - slice.value("center", 1.0), dy = y + 0.5;
    const double fitness = -(dx * dx) - slope * (dy * dy) + 0.125 * n - (flip ? 0.25 : 0.0);
    json blocks = json::array();
    for (int part = -2; part < 3; ++part) blocks.push_back(number(fitness + 0.5 * part));
    return {
        {"type", "result"},
        {"fitness", number(fitness)},
        {"samples", 100 * n},
        {"blocks", blocks},
        {"metrics", {{"distance", number(dx * dx + dy * dy)}}},
        {"metadata", {{"mode", mode}, {"steps", {n, n + 1}}}},
    };
}

/// The answer to one question, or null to what has none.
static json answer(const json& question) {
    const std::string type = question.at("type");
    json said;
    if (type == "cancel") return nullptr;
    if (type == "hello") {
        said = {{"type", "hello"}, {"protocol", 1}, {"space", SPACE}};
    } else if (type != "evaluate") {
        said = {{"type", "error"}, {"error", "no question of omega-worker/1: " + type}};
    } else {
        try {
            said = evaluate(question.at("params"), question.value("slice", json::object()));
        } catch (const NotApplicable& reason) {
            said = {{"type", "not_applicable"}, {"reason", reason.what()}};
        } catch (const std::exception& error) {  // an answer too: these parameters have no fitness
            said = {{"type", "error"}, {"error", error.what()}};
        }
    }
    said["id"] = question.at("id");
    return said;
}

int main() {
    // The protocol has standard output to itself: whatever prints from here on prints to standard error.
    std::FILE* protocol = fdopen(dup(STDOUT_FILENO), "w");
    dup2(STDERR_FILENO, STDOUT_FILENO);
    for (std::string line; std::getline(std::cin, line);) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const json said = answer(json::parse(line));
        if (said.is_null()) continue;
        std::fputs((said.dump(-1, ' ', false, json::error_handler_t::replace) + "\n").c_str(), protocol);
        std::fflush(protocol);
    }
}
