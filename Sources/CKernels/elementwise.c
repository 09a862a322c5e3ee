#include "CKernels.h"
#include "vector.h"
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <math.h>
#include <sys/mman.h>

WIDEST void ck_multiply(size_t count, const float *a, const float *b, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

WIDEST void ck_add_scaled(size_t count, float factor, const float *restrict values, float *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] += factor * values[i];
}

// Float sums of blocks added up in double: as fast as float, nearly as good as double.
#define SUM_BLOCK 4096

WIDEST double ck_sum_of_squares(size_t count, const float *values) {
    ANY_ORDER
    double total = 0;
    for (size_t start = 0; start < count; start += SUM_BLOCK) {
        const size_t end = count - start < SUM_BLOCK ? count : start + SUM_BLOCK;
        float partial = 0;
        for (size_t i = start; i < end; i++) partial += values[i] * values[i];
        total += partial;
    }
    return total;
}

WIDEST double ck_difference_penalty(
    size_t count, const float *restrict here, const float *restrict next, float factor,
    float *restrict gradient_here, float *restrict gradient_next) {
    ANY_ORDER
    double total = 0;
    for (size_t start = 0; start < count; start += SUM_BLOCK) {
        const size_t end = count - start < SUM_BLOCK ? count : start + SUM_BLOCK;
        float partial = 0;
        for (size_t i = start; i < end; i++) {
            const float difference = next[i] - here[i];
            partial += difference * difference;
            gradient_next[i] += factor * difference;
            gradient_here[i] -= factor * difference;
        }
        total += partial;
    }
    return total;
}

WIDEST void ck_sigmoid(size_t count, const float *restrict in, float *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = sigmoid(in[i]);
}

WIDEST void ck_tanh(size_t count, const float *restrict in, float *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = hyperbolic_tangent(in[i]);
}

WIDEST void ck_exp(size_t count, const float *restrict in, float *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = exponential(in[i]);
}

WIDEST void ck_add_column_sums(
    size_t rows, size_t columns, const float *restrict matrix, size_t stride, float *restrict out) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[c] += matrix[r * stride + c];
}

WIDEST void ck_descend(
    size_t count, float rate, float clip, float decay, const float *restrict gradient, float *restrict values,
    float weight, float *restrict average) {
    if (average) {
        for (size_t i = 0; i < count; i++) {
            const float value = values[i] - rate * (clip * gradient[i] + decay * values[i]);
            values[i] = value;
            average[i] += weight * (value - average[i]);
        }
    } else {
        for (size_t i = 0; i < count; i++) values[i] -= rate * (clip * gradient[i] + decay * values[i]);
    }
}

WIDEST void ck_adapt(
    size_t count, float rate, float epsilon, float pull, const float *restrict gradient, const float *restrict rms,
    const float *restrict origin, float *restrict values) {
    for (size_t i = 0; i < count; i++) {
        const float wanted = pull * rms[i];
        const float part = wanted < 1 ? wanted : 1;
        values[i] += part * (origin[i] - values[i]) - rate * gradient[i] / (rms[i] + epsilon);
    }
}

WIDEST static double row_cross_entropy(
    size_t V, float *restrict logits, const float *restrict bias, int32_t target, float scale) {
    float highest = -__builtin_inff();
    for (size_t i = 0; i < V; i++) {
        const float logit = logits[i] + bias[i];
        logits[i] = logit;
        highest = __builtin_elementwise_maximum(highest, logit);
    }
    const float wanted = logits[target];
    float total = 0;
    {
        ANY_ORDER
        for (size_t i = 0; i < V; i++) {
            const float e = exponential(logits[i] - highest);
            logits[i] = e;
            total += e;
        }
    }
    if (scale != 0) {
        const float factor = scale / total;
        for (size_t i = 0; i < V; i++) logits[i] *= factor;
        logits[target] -= scale;
    }
    return log((double)total) + (double)highest - (double)wanted;
}

double ck_softmax_cross_entropy(
    size_t rows, size_t vocabulary, float *logits, const float *bias, const int32_t *targets, float scale, double *losses) {
    double total = 0;
    for (size_t r = 0; r < rows; r++) {
        const double loss = row_cross_entropy(vocabulary, logits + r * vocabulary, bias, targets[r], scale);
        if (losses) losses[r] = loss;
        total += loss;
    }
    return total;
}

#define ALIGNMENT 64

float *ck_allocate(size_t count) {
    // calloc takes large pieces from the system as they are, zero and untouched: what a window never reaches costs nothing.
    // The start of the piece stands before the aligned memory, for free.
    char *start = calloc(count + 2 * ALIGNMENT / sizeof(float), sizeof(float));
    if (!start) return NULL;
    char *aligned = start + ALIGNMENT + (ALIGNMENT - (uintptr_t)start % ALIGNMENT) % ALIGNMENT;
    memcpy(aligned - sizeof start, &start, sizeof start);
    return (float *)aligned;
}

void ck_free(float *memory) {
    char *start;
    memcpy(&start, (char *)memory - sizeof start, sizeof start);
    free(start);
}

int ck_may_map(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 0;
    munmap(memory, bytes);
    return 1;
}

void ck_share_heap(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}

void ck_return_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
