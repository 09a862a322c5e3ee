#include "CKernels.h"
#include "vector.h"

WIDEST void ck_lstm_forward(
    size_t batch, size_t hidden, float *restrict gates, const float *restrict bias_input,
    const float *restrict bias_hidden, const float *restrict cell_before, float *restrict cell,
    float *restrict output) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict g = gates + b * 4 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float input = sigmoid(g[j] + bias_input[j] + bias_hidden[j]);
            const float forget = sigmoid(g[H + j] + bias_input[H + j] + bias_hidden[H + j]);
            const float candidate = hyperbolic_tangent(g[2 * H + j] + bias_input[2 * H + j] + bias_hidden[2 * H + j]);
            const float out = sigmoid(g[3 * H + j] + bias_input[3 * H + j] + bias_hidden[3 * H + j]);
            const float c = forget * cell_before[b * H + j] + input * candidate;
            g[j] = input;
            g[H + j] = forget;
            g[2 * H + j] = candidate;
            g[3 * H + j] = out;
            cell[b * H + j] = c;
            output[b * H + j] = out * hyperbolic_tangent(c);
        }
    }
}

// The activations in `gates` become the gradients of the pre-activations; `cell_gradient` moves one step back.
WIDEST void ck_lstm_backward(
    size_t batch, size_t hidden, float *restrict gates, const float *restrict cell_before,
    const float *restrict cell, const float *restrict output_gradient, float *restrict cell_gradient) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict g = gates + b * 4 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float input = g[j], forget = g[H + j], candidate = g[2 * H + j], out = g[3 * H + j];
            const float dh = output_gradient[b * H + j];
            const float t = hyperbolic_tangent(cell[b * H + j]);
            const float dc = cell_gradient[b * H + j] + dh * out * (1.0f - t * t);
            g[j] = dc * candidate * input * (1.0f - input);
            g[H + j] = dc * cell_before[b * H + j] * forget * (1.0f - forget);
            g[2 * H + j] = dc * input * (1.0f - candidate * candidate);
            g[3 * H + j] = dh * t * out * (1.0f - out);
            cell_gradient[b * H + j] = dc * forget;
        }
    }
}

// Leaves the activations r, z, n in `input_gates` and W_hn h + b_hn in the last third of `hidden_gates`.
WIDEST void ck_gru_forward(
    size_t batch, size_t hidden, float *restrict input_gates, float *restrict hidden_gates,
    const float *restrict bias_input, const float *restrict bias_hidden, const float *restrict output_before,
    float *restrict output) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict x = input_gates + b * 3 * H;
        float *restrict h = hidden_gates + b * 3 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float reset = sigmoid(x[j] + bias_input[j] + h[j] + bias_hidden[j]);
            const float update = sigmoid(x[H + j] + bias_input[H + j] + h[H + j] + bias_hidden[H + j]);
            const float recurrent = h[2 * H + j] + bias_hidden[2 * H + j];
            const float new = hyperbolic_tangent(x[2 * H + j] + bias_input[2 * H + j] + reset * recurrent);
            x[j] = reset;
            x[H + j] = update;
            x[2 * H + j] = new;
            h[2 * H + j] = recurrent;
            output[b * H + j] = (1.0f - update) * new + update * output_before[b * H + j];
        }
    }
}

// The activations become gradients of the pre-activations: the input's in `input_gates`, the recurrent product's in
// `hidden_gates`. `output_before_gradient` receives the direct path z ∘ dh; the product's part is the caller's.
WIDEST void ck_gru_backward(
    size_t batch, size_t hidden, float *restrict input_gates, float *restrict hidden_gates,
    const float *restrict output_before, const float *restrict output_gradient,
    float *restrict output_before_gradient) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict x = input_gates + b * 3 * H;
        float *restrict h = hidden_gates + b * 3 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float reset = x[j], update = x[H + j], new = x[2 * H + j], recurrent = h[2 * H + j];
            const float dh = output_gradient[b * H + j];
            const float dnew = dh * (1.0f - update) * (1.0f - new * new);
            const float dupdate = dh * (output_before[b * H + j] - new) * update * (1.0f - update);
            const float dreset = dnew * recurrent * reset * (1.0f - reset);
            x[j] = dreset;
            x[H + j] = dupdate;
            x[2 * H + j] = dnew;
            h[j] = dreset;
            h[H + j] = dupdate;
            h[2 * H + j] = dnew * reset;
            output_before_gradient[b * H + j] = dh * update;
        }
    }
}

// Leaves the activations z, f, o in `gates`; `factors` multiply f.
WIDEST void ck_qrnn_forward(
    size_t batch, size_t hidden, float *restrict gates, const float *restrict bias, const float *restrict factors,
    const float *restrict cell_before, float *restrict cell, float *restrict output) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict g = gates + b * 3 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float candidate = hyperbolic_tangent(g[j] + bias[j]);
            const float forget = sigmoid(g[H + j] + bias[H + j]);
            const float out = sigmoid(g[2 * H + j] + bias[2 * H + j]);
            const float update = factors[b * H + j] * forget;
            const float c = update * candidate + (1.0f - update) * cell_before[b * H + j];
            g[j] = candidate;
            g[H + j] = forget;
            g[2 * H + j] = out;
            cell[b * H + j] = c;
            output[b * H + j] = out * c;
        }
    }
}

// The activations in `gates` become the gradients of the pre-activations; `cell_gradient` moves one step back.
WIDEST void ck_qrnn_backward(
    size_t batch, size_t hidden, float *restrict gates, const float *restrict factors, const float *restrict cell_before,
    const float *restrict cell, const float *restrict output_gradient, float *restrict cell_gradient) {
    const size_t H = hidden;
    for (size_t b = 0; b < batch; b++) {
        float *restrict g = gates + b * 3 * H;
        VECTORISE
        for (size_t j = 0; j < H; j++) {
            const float candidate = g[j], forget = g[H + j], out = g[2 * H + j];
            const float update = factors[b * H + j] * forget;
            const float dh = output_gradient[b * H + j];
            const float dc = cell_gradient[b * H + j] + dh * out;
            g[j] = dc * update * (1.0f - candidate * candidate);
            g[H + j] = dc * (candidate - cell_before[b * H + j]) * update * (1.0f - forget);
            g[2 * H + j] = dh * cell[b * H + j] * out * (1.0f - out);
            cell_gradient[b * H + j] = dc * (1.0f - update);
        }
    }
}
