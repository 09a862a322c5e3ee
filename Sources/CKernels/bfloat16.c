// Products whose factors are rounded to bfloat16 and whose sums are float32.
#include <stdlib.h>
#include "tiles.h"
#include "vector.h"

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t tiles_of(size_t count, size_t size) { return (count + size - 1) / size; }

size_t ck_tile_values(size_t lines, size_t depth) { return tiles_of(lines, TILE_LINES) * tiles_of(depth, TILE_DEPTH) * TILE; }

#ifdef HAS_BFLOAT16
#include <immintrin.h>

#define ROUNDING __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

INLINE uint32_t mask_of(size_t count) { return count < 32 ? (1u << count) - 1 : 0xffffffffu; }

// A tile whose lines are rows in memory: 32 values of each, rounded.
ROUNDING INLINE void read_lines(size_t lines, size_t depth, const float *values, size_t stride, __m512i tile[TILE_LINES]) {
    const uint32_t mask = mask_of(depth);
#pragma unroll
    for (size_t line = 0; line < TILE_LINES; line++) {
        tile[line] = _mm512_setzero_si512();
        if (line >= lines) continue;
        const float *row = values + line * stride;
        const __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, row), high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), row + 16);
        tile[line] = (__m512i)_mm512_cvtne2ps_pbh(high, low);
    }
}

// A tile whose lines are columns in memory: two steps of the depth of 16 lines each, rounded and in pairs.
ROUNDING INLINE void read_pairs(size_t lines, size_t depth, const float *values, size_t stride, __m512i tile[TILE_LINES]) {
    const __mmask16 mask = (__mmask16)mask_of(lines);
    const __m512i in_pairs = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
#pragma unroll
    for (size_t pair = 0; pair < TILE_DEPTH / 2; pair++) {
        const float *row = values + 2 * pair * stride;
        const __m512 first = 2 * pair < depth ? _mm512_maskz_loadu_ps(mask, row) : _mm512_setzero_ps();
        const __m512 second = 2 * pair + 1 < depth ? _mm512_maskz_loadu_ps(mask, row + stride) : _mm512_setzero_ps();
        tile[pair] = _mm512_permutexvar_epi16(in_pairs, (__m512i)_mm512_cvtne2ps_pbh(second, first));
    }
}

// Transposes 16 × 16 pairs: rows are interleaved by one, by two, by four and by eight pairs.
ROUNDING INLINE void transpose_tile(__m512i tile[TILE_LINES]) {
    __m512i other[TILE_LINES];
#pragma unroll
    for (size_t i = 0; i < TILE_LINES; i += 2) {
        other[i] = _mm512_unpacklo_epi32(tile[i], tile[i + 1]);
        other[i + 1] = _mm512_unpackhi_epi32(tile[i], tile[i + 1]);
    }
#pragma unroll
    for (size_t i = 0; i < TILE_LINES; i += 4)
#pragma unroll
        for (size_t j = 0; j < 2; j++) {
            tile[i + 2 * j] = _mm512_unpacklo_epi64(other[i + j], other[i + j + 2]);
            tile[i + 2 * j + 1] = _mm512_unpackhi_epi64(other[i + j], other[i + j + 2]);
        }
#pragma unroll
    for (size_t i = 0; i < TILE_LINES; i += 8)
#pragma unroll
        for (size_t j = 0; j < 4; j++) {
            other[i + j] = _mm512_shuffle_i32x4(tile[i + j], tile[i + j + 4], 0x88);
            other[i + j + 4] = _mm512_shuffle_i32x4(tile[i + j], tile[i + j + 4], 0xdd);
        }
#pragma unroll
    for (size_t j = 0; j < 8; j++) {
        tile[j] = _mm512_shuffle_i32x4(other[j], other[j + 8], 0x88);
        tile[j + 8] = _mm512_shuffle_i32x4(other[j], other[j + 8], 0xdd);
    }
}

// Packs one tile from `values`, the first of its first line. Lines are rows in memory, or columns; the tile is one of a first factor, or
// of a second.
ROUNDING INLINE void pack_tile(
    int are_rows, int is_second, size_t lines, size_t depth, const float *values, size_t stride, uint16_t *packed) {
    __m512i tile[TILE_LINES];
    if (are_rows) read_lines(lines, depth, values, stride, tile);
    else read_pairs(lines, depth, values, stride, tile);
    if (are_rows == is_second) transpose_tile(tile);
#pragma unroll
    for (size_t i = 0; i < TILE_LINES; i++) _mm512_store_si512(packed + i * TILE_DEPTH, tile[i]);
}

ROUNDING INLINE void pack(int are_rows, int is_second, size_t lines, size_t depth, const float *values, size_t stride, uint16_t *packed) {
    const size_t tiles = tiles_of(depth, TILE_DEPTH);
    // Lines that are columns in memory are neighbours: those of one step are read together.
    const size_t together = are_rows ? TILE_LINES : lines;
    for (size_t start = 0; start < lines; start += together)
        for (size_t k = 0; k < depth; k += TILE_DEPTH)
            for (size_t line = start; line < start + together && line < lines; line += TILE_LINES)
                pack_tile(
                    are_rows, is_second, least(TILE_LINES, lines - line), least(TILE_DEPTH, depth - k),
                    values + (are_rows ? line * stride + k : k * stride + line), stride,
                    packed + (line / TILE_LINES * tiles + k / TILE_DEPTH) * TILE);
}

// `lines` of a factor from line `first` on, and `depth` steps from step `k0` on.
ROUNDING static void pack_first(ck_factor factor, size_t first, size_t lines, size_t k0, size_t depth, uint16_t *packed) {
    if (factor.transposed) pack(0, 0, lines, depth, factor.values + k0 * factor.stride + first, factor.stride, packed);
    else pack(1, 0, lines, depth, factor.values + first * factor.stride + k0, factor.stride, packed);
}

ROUNDING static void pack_second(ck_factor factor, size_t first, size_t lines, size_t k0, size_t depth, uint16_t *packed) {
    if (factor.transposed) pack(1, 1, lines, depth, factor.values + first * factor.stride + k0, factor.stride, packed);
    else pack(0, 1, lines, depth, factor.values + k0 * factor.stride + first, factor.stride, packed);
}

// Depth that is packed at a time, and how many values: of the first factor, and of those columns of the second that are done for all its rows
// before the next ones, half a megabyte each, which a second-level cache holds together; of the second, what stays in the third.
#define DEPTH 2048
#define FIRST_VALUES (1 << 18)
#define COLUMN_VALUES (1 << 18)
#define SECOND_VALUES (1 << 22)

// At least one block.
static size_t lines_at_a_time(size_t values, size_t lines, size_t depth) {
    const size_t blocks = values / ck_tile_values(BLOCK_LINES, depth);
    return least((blocks > 0 ? blocks : 1) * BLOCK_LINES, lines);
}

// result [rows, columns] (+)= a · b, both packed with `tiles` tiles of depth.
static void multiply_tiles(
    tile_kernel *kernel, size_t rows, size_t columns, size_t tiles, const uint16_t *a, const uint16_t *b, float *result, size_t stride,
    int accumulate) {
    const size_t lines = tiles * TILE, together = lines_at_a_time(COLUMN_VALUES, columns, tiles * TILE_DEPTH);
    for (size_t start = 0; start < columns; start += together)
        for (size_t row = 0; row < rows; row += BLOCK_LINES)
            for (size_t column = start; column < least(start + together, columns); column += BLOCK_LINES)
                kernel(
                    least(BLOCK_LINES, rows - row), least(BLOCK_LINES, columns - column), tiles, a + row / TILE_LINES * lines, lines,
                    b + column / TILE_LINES * lines, lines, result + row * stride + column, stride, accumulate);
}

static tile_kernel *kernel_of(int kernel) { return kernel == CK_MATRIX_EXTENSION ? ck_matrix_extension_block : ck_dot_block; }
static void release(int kernel) { if (kernel == CK_MATRIX_EXTENSION) ck_release_matrix_extension(); }

int ck_has_bfloat16(int kernel) { return kernel == CK_MATRIX_EXTENSION ? ck_has_matrix_extension() : ck_has_dot_instruction(); }

// Each thread keeps the memory that its largest product so far needed.
typedef struct {
    uint16_t *values;
    size_t count;
} storage;
static _Thread_local storage first_storage, second_storage;

static uint16_t *keep(storage *storage, size_t count) {
    if (storage->count >= count) return storage->values;
    free(storage->values);
    storage->values = aligned_alloc(64, count * sizeof(uint16_t));
    storage->count = storage->values == NULL ? 0 : count;
    return storage->values;
}

size_t ck_tile_scratch_values(void) { return FIRST_VALUES + SECOND_VALUES; }

int ck_multiply_bfloat16(
    int kernel, size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate) {
    const size_t height = lines_at_a_time(FIRST_VALUES, m, least(DEPTH, k)), width = lines_at_a_time(SECOND_VALUES, n, least(DEPTH, k));
    uint16_t *first = keep(&first_storage, ck_tile_values(height, least(DEPTH, k)));
    uint16_t *second = keep(&second_storage, ck_tile_values(width, least(DEPTH, k)));
    if (first == NULL || second == NULL) return 0;
    for (size_t k0 = 0; k0 < k; k0 += DEPTH) {
        const size_t depth = least(DEPTH, k - k0);
        for (size_t n0 = 0; n0 < n; n0 += width) {
            pack_second(b, n0, least(width, n - n0), k0, depth, second);
            for (size_t m0 = 0; m0 < m; m0 += height) {
                pack_first(a, m0, least(height, m - m0), k0, depth, first);
                multiply_tiles(
                    kernel_of(kernel), least(height, m - m0), least(width, n - n0), tiles_of(depth, TILE_DEPTH), first, second,
                    result + m0 * result_stride + n0, result_stride, accumulate || k0 > 0);
            }
        }
    }
    release(kernel);
    return 1;
}

void ck_pack_tiles(ck_factor factor, size_t first, size_t end, size_t depth, void *packed) {
    pack_second(factor, first, end - first, 0, depth, (uint16_t *)packed + ck_tile_values(first, depth));
}

int ck_multiply_tiles(
    int kernel, size_t rows, size_t first, size_t end, size_t depth, const float *factor, const void *packed, float *result,
    size_t result_stride, int accumulate) {
    uint16_t *states = keep(&first_storage, ck_tile_values(rows, depth));
    if (states == NULL) return 0;
    pack_first((ck_factor){.values = factor, .stride = depth}, 0, rows, 0, depth, states);
    multiply_tiles(
        kernel_of(kernel), rows, end - first, tiles_of(depth, TILE_DEPTH), states, (const uint16_t *)packed + ck_tile_values(first, depth),
        result + first, result_stride, accumulate);
    release(kernel);
    return 1;
}
#else
size_t ck_tile_scratch_values(void) { return 0; }

int ck_has_bfloat16(int kernel) { return (void)kernel, 0; }

void ck_pack_tiles(ck_factor factor, size_t first, size_t end, size_t depth, void *packed) {
    (void)factor, (void)first, (void)end, (void)depth, (void)packed;
}

int ck_multiply_tiles(
    int kernel, size_t rows, size_t first, size_t end, size_t depth, const float *factor, const void *packed, float *result,
    size_t result_stride, int accumulate) {
    (void)kernel, (void)rows, (void)first, (void)end, (void)depth, (void)factor, (void)packed, (void)result, (void)result_stride, (void)accumulate;
    return 0;
}

int ck_multiply_bfloat16(
    int kernel, size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate) {
    (void)kernel, (void)m, (void)n, (void)k, (void)a, (void)b, (void)result, (void)result_stride, (void)accumulate;
    return 0;
}
#endif
