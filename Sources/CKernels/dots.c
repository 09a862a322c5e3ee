// Products of bfloat16 tiles by the instruction that adds two products to a sum (AVX512_BF16).
#include "tiles.h"

#ifdef HAS_BFLOAT16
#include <immintrin.h>
#include <string.h>

#define DOT __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

int ck_has_dot_instruction(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bf16");
}

// The first `valid` of `height` rows of a tile and 32 columns, whose sums stay in registers.
DOT static inline __attribute__((always_inline)) void rows_of_block(
    size_t height, size_t valid, size_t columns, size_t tiles, const uint16_t *a, const uint16_t *b, size_t b_lines, float *result,
    size_t result_stride, int accumulate) {
    const __mmask16 left = (__mmask16)(columns < TILE_LINES ? (1u << columns) - 1 : 0xffff);
    const __mmask16 right = (__mmask16)(columns > TILE_LINES ? (1u << (columns - TILE_LINES)) - 1 : 0);
    __m512 sums[8][2];
#pragma unroll
    for (size_t r = 0; r < height; r++) {
        const int is_read = accumulate && r < valid;
        sums[r][0] = _mm512_maskz_loadu_ps(is_read ? left : 0, result + r * result_stride);
        sums[r][1] = _mm512_maskz_loadu_ps(is_read ? right : 0, result + r * result_stride + TILE_LINES);
    }
    for (size_t tile = 0; tile < tiles; tile++, a += TILE, b += TILE)
        for (size_t pair = 0; pair < TILE_DEPTH / 2; pair++) {
            const __m512bh first = (__m512bh)_mm512_load_si512(b + 2 * TILE_LINES * pair);
            const __m512bh second = (__m512bh)_mm512_load_si512(b + b_lines + 2 * TILE_LINES * pair);
#pragma unroll
            for (size_t r = 0; r < height; r++) {
                int32_t both;
                memcpy(&both, a + r * TILE_DEPTH + 2 * pair, sizeof both);
                const __m512bh factor = (__m512bh)_mm512_set1_epi32(both);
                sums[r][0] = _mm512_dpbf16_ps(sums[r][0], factor, first);
                sums[r][1] = _mm512_dpbf16_ps(sums[r][1], factor, second);
            }
        }
#pragma unroll
    for (size_t r = 0; r < height; r++) {
        if (r >= valid) break;
        _mm512_mask_storeu_ps(result + r * result_stride, left, sums[r][0]);
        _mm512_mask_storeu_ps(result + r * result_stride + TILE_LINES, right, sums[r][1]);
    }
}

DOT void ck_dot_block(
    size_t rows, size_t columns, size_t tiles, const uint16_t *a, size_t a_lines, const uint16_t *b, size_t b_lines, float *result,
    size_t result_stride, int accumulate) {
    // A second tile that is not there is not read.
    if (columns <= TILE_LINES) b_lines = 0;
    for (size_t r = 0; r < rows;) {
        const uint16_t *lines = a + r / TILE_LINES * a_lines + r % TILE_LINES * TILE_DEPTH;
        float *block = result + r * result_stride;
        if (rows - r > 4) {
            rows_of_block(8, rows - r < 8 ? rows - r : 8, columns, tiles, lines, b, b_lines, block, result_stride, accumulate);
            r += 8;
        } else {
            rows_of_block(4, rows - r, columns, tiles, lines, b, b_lines, block, result_stride, accumulate);
            r += 4;
        }
    }
}
#else
int ck_has_dot_instruction(void) { return 0; }
#endif
