// Vector loops that choose their width when the program starts (SSE2, AVX2 or AVX-512 on x86-64, NEON on arm64).
// All matrices are row-major float32. T window length, B batch, H hidden size, V vocabulary, W width.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Pointwise halves of one time step. `gates` [B, G*H]; states [B, H]; biases [G*H].
void ck_lstm_forward(
    size_t batch, size_t hidden, float *gates, const float *bias_input, const float *bias_hidden,
    const float *cell_before, float *cell, float *output);
void ck_lstm_backward(
    size_t batch, size_t hidden, float *gates, const float *cell_before, const float *cell,
    const float *output_gradient, float *cell_gradient);
void ck_gru_forward(
    size_t batch, size_t hidden, float *input_gates, float *hidden_gates, const float *bias_input,
    const float *bias_hidden, const float *output_before, float *output);
void ck_gru_backward(
    size_t batch, size_t hidden, float *input_gates, float *hidden_gates, const float *output_before,
    const float *output_gradient, float *output_before_gradient);
void ck_qrnn_forward(
    size_t batch, size_t hidden, float *gates, const float *bias, const float *factors, const float *cell_before,
    float *cell, float *output);
void ck_qrnn_backward(
    size_t batch, size_t hidden, float *gates, const float *factors, const float *cell_before, const float *cell,
    const float *output_gradient, float *cell_gradient);

// Softmax cross-entropy of rows of logits [rows, V]; returns the summed loss. Where `scale` is not 0 the logits
// are replaced by scale * (softmax - one-hot). Where `losses` is not NULL it gets the loss of each row.
double ck_softmax_cross_entropy(
    size_t rows, size_t vocabulary, float *logits, const float *bias, const int32_t *targets, float scale, double *losses);

// Elementwise over `count` floats.
void ck_multiply(size_t count, const float *a, const float *b, float *out);
double ck_sum_of_squares(size_t count, const float *values);
void ck_sigmoid(size_t count, const float *in, float *out);
void ck_tanh(size_t count, const float *in, float *out);
void ck_exp(size_t count, const float *in, float *out);
// out[c] += sum over rows of m[r, c].
void ck_add_column_sums(size_t rows, size_t columns, const float *matrix, size_t stride, float *out);
// gradient[i] += factor * (next[i] - here[i]), and the summed squares of that difference.
double ck_difference_penalty(size_t count, const float *here, const float *next, float factor, float *gradient_here, float *gradient_next);
// out[i] += factor * values[i].
void ck_add_scaled(size_t count, float factor, const float *values, float *out);

// values -= rate * (clip * gradient + decay * values); where `average` is given: average += weight * (values - average).
void ck_descend(
    size_t count, float rate, float clip, float decay, const float *gradient, float *values, float weight,
    float *average);

// values += min(1, pull * rms) * (origin - values) - rate * gradient / (rms + epsilon).
void ck_adapt(
    size_t count, float rate, float epsilon, float pull, const float *gradient, const float *rms, const float *origin, float *values);

// Philox4x32-10. Words of blocks `counter`, `counter + 1`, …; four words a block.
void ck_philox(uint64_t key, uint64_t counter, size_t count, uint32_t *out);
// out[i] = word < threshold ? kept : 0.
void ck_bernoulli(uint64_t key, uint64_t counter, size_t count, uint32_t threshold, float kept, float *out);
// out[i] uniform in [-bound, bound), from the upper 24 bits of each word.
void ck_uniform(uint64_t key, uint64_t counter, size_t count, float bound, float *out);

// Sixty-four-byte aligned zeroed memory, NULL when there is none.
float *ck_allocate(size_t count);
void ck_free(float *memory);
// Whether the system has so much address space more.
int ck_may_map(size_t bytes);
// Lets all threads take small pieces from one heap, where the allocator can.
void ck_share_heap(void);
// Hands what the allocator keeps of freed memory back to the system, where it can.
void ck_return_freed_memory(void);

// The compiler's name and version.
static inline const char *ck_compiler(void) { return __VERSION__; }

// Tells the processor that this thread is waiting.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// Products by kernels that libxsmm generates for the shape at hand.
typedef void (*ck_kernel)(void);
// Whether kernels can be made: the program was built with libxsmm, and libxsmm knows the processor.
int ck_has_kernels(void);

// A product result [rows, outputs] (+)= factor [rows, depth] · weights that is done over and over with the same weights. They
// are packed into panels of 32 columns, [depth of the block, 32], one after the other; the last of a block is padded.
#define CK_PANEL 32
typedef struct {
    size_t rows, outputs, depth;
    // The kernels for whole and last blocks, for whole and last panels, overwriting and accumulating.
    ck_kernel kernels[2][2][2];
} ck_panels;
// Returns 0 where no kernels can be made.
int ck_make_panels(ck_panels *panels, size_t rows, size_t outputs, size_t depth);
// Number of packed values.
size_t ck_packed_count(ck_panels panels);
// Packs weights [outputs, depth] (rows) or [depth, outputs] (columns), for the outputs first ..< end; first is a multiple of 32.
void ck_pack_rows(ck_panels panels, size_t first, size_t end, const float *weights, float *packed);
void ck_pack_columns(ck_panels panels, size_t first, size_t end, const float *weights, float *packed);
// The product for the outputs first ..< end; first is a multiple of 32.
void ck_multiply_panels(
    ck_panels panels, size_t first, size_t end, const float *packed, const float *factor, float *result, int accumulate);

// A factor of a product as it is stored, row by row, and whether the product sees it transposed.
typedef struct {
    const float *values;
    size_t stride;
    int transposed;
} ck_factor;
// Makes the kernels of the product below, which are then kept; 0 where that cannot be.
int ck_prepare_packing(size_t m, size_t n, size_t k, ck_factor a, size_t result_stride, int accumulate);
// result [m, n] (+)= a [m, k] · b [k, n], packing b panel by panel. Returns 0 and leaves the result alone where kernels cannot be made.
int ck_multiply_packing(
    size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate);
// Number of floats that a thread keeps for packing, once it did a product with a transposed a of these sizes.
size_t ck_scratch_count(size_t m, size_t k);

// Products whose factors are rounded to bfloat16, to nearest, ties to even, and whose sums are float32. Values below the least normal one
// count as 0 of the same sign, in factors and in sums, as the processors' instructions have it.
typedef enum {
    // The tile registers of Intel's AMX.
    CK_MATRIX_EXTENSION,
    // The instruction VDPBF16PS of AVX512_BF16.
    CK_DOT_INSTRUCTION,
} ck_bfloat16_kernel;
// Whether the processor has the instructions, and the system lets this process use them.
int ck_has_bfloat16(int kernel);
// Number of packed bfloat16 values of so many rows of a first factor, or columns of a second.
size_t ck_tile_values(size_t lines, size_t depth);
// Rounds and packs the columns first ..< end of a second factor [depth, …] to where they belong among all; first is a multiple of 32.
#define CK_TILE_GRANULE 32
void ck_pack_tiles(ck_factor factor, size_t first, size_t end, size_t depth, void *packed);
// result [rows, outputs] (+)= factor [rows, depth] · packed, for the outputs first ..< end; first is a multiple of 32. Returns 0 and leaves
// the result alone where there is no memory.
int ck_multiply_tiles(
    int kernel, size_t rows, size_t first, size_t end, size_t depth, const float *factor, const void *packed, float *result,
    size_t result_stride, int accumulate);
// result [m, n] (+)= a [m, k] · b [k, n], k > 0. Returns 0 and leaves the result alone where there is no memory.
int ck_multiply_bfloat16(
    int kernel, size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate);
// Number of bfloat16 values that a thread keeps for packing, at most.
size_t ck_tile_scratch_values(void);

// Ends the threads that OpenBLAS started, where it can be told to; it starts as many as it needs the next time.
void ck_end_blas_threads(void);
