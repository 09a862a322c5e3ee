// Products by kernels that libxsmm generates for the shape at hand.
#include <stdlib.h>
#include "CKernels.h"
#include "vector.h"

#ifdef HAS_LIBXSMM
#include <libxsmm.h>

ck_panel_kernel ck_make_panel_kernel(
    size_t width, size_t rows, size_t depth, size_t factor_stride, size_t result_stride, int accumulate) {
    const libxsmm_blasint panel = CK_PANEL, factor = (libxsmm_blasint)factor_stride, result = (libxsmm_blasint)result_stride;
    const float one = 1, beta = accumulate ? 1 : 0;
    return (ck_panel_kernel)libxsmm_smmdispatch(
        (libxsmm_blasint)width, (libxsmm_blasint)rows, (libxsmm_blasint)depth, &panel, &factor, &result, &one, &beta, NULL, NULL);
}

static void run(ck_panel_kernel kernel, const float *panel, const float *factor, float *result) {
    ((libxsmm_smmfunction)kernel)(panel, factor, result);
}
#else
ck_panel_kernel ck_make_panel_kernel(
    size_t width, size_t rows, size_t depth, size_t factor_stride, size_t result_stride, int accumulate) {
    (void)width, (void)rows, (void)depth, (void)factor_stride, (void)result_stride, (void)accumulate;
    return NULL;
}

static void run(ck_panel_kernel kernel, const float *panel, const float *factor, float *result) {
    (void)kernel, (void)panel, (void)factor, (void)result;
}
#endif

int ck_has_panels(void) { return ck_make_panel_kernel(CK_PANEL, 1, 1, 1, CK_PANEL, 0) != NULL; }

void ck_multiply_panels(
    ck_panel_kernel whole, ck_panel_kernel last, size_t depth, size_t first, size_t end, const float *panels,
    const float *factor, float *result) {
    size_t start = first;
    for (; start + CK_PANEL <= end; start += CK_PANEL) run(whole, panels + start * depth, factor, result + start);
    if (start < end) run(last, panels + start * depth, factor, result + start);
}

typedef float lanes __attribute__((vector_size(32)));

// Transposes 8 × 8 values: pairs of rows are interleaved by one, by two and by four values.
INLINE void transpose_block(const float *source, size_t source_stride, float *result, size_t result_stride) {
    lanes rows[8], pairs[8], quads[8];
    for (size_t i = 0; i < 8; i++) memcpy(&rows[i], source + i * source_stride, sizeof rows[i]);
    for (size_t i = 0; i < 8; i += 2) {
        pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (size_t i = 0; i < 8; i += 4)
        for (size_t j = i; j < i + 2; j++) {
            quads[j] = __builtin_shufflevector(pairs[j], pairs[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            quads[j + 2] = __builtin_shufflevector(pairs[j], pairs[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (size_t i = 0; i < 4; i++) {
        const lanes low = __builtin_shufflevector(quads[i], quads[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        const lanes high = __builtin_shufflevector(quads[i], quads[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
        memcpy(result + i * result_stride, &low, sizeof low);
        memcpy(result + (i + 4) * result_stride, &high, sizeof high);
    }
}

// result [columns, rows] = source [rows, columns] transposed, in tiles that stay in the first-level cache.
#define TILE 64
WIDEST static void transpose(
    size_t rows, size_t columns, const float *source, size_t source_stride, float *result, size_t result_stride) {
    for (size_t r0 = 0; r0 < rows; r0 += TILE)
        for (size_t c0 = 0; c0 < columns; c0 += TILE) {
            const size_t r1 = r0 + TILE < rows ? r0 + TILE : rows, c1 = c0 + TILE < columns ? c0 + TILE : columns;
            size_t c = c0;
            for (; c + 8 <= c1; c += 8) {
                size_t r = r0;
                for (; r + 8 <= r1; r += 8)
                    transpose_block(source + r * source_stride + c, source_stride, result + c * result_stride + r, result_stride);
                for (; r < r1; r++)
                    for (size_t i = c; i < c + 8; i++) result[i * result_stride + r] = source[r * source_stride + i];
            }
            for (; c < c1; c++)
                for (size_t r = r0; r < r1; r++) result[c * result_stride + r] = source[r * source_stride + c];
        }
}

static void copy(size_t rows, size_t columns, const float *source, size_t source_stride, float *result, size_t result_stride) {
    for (size_t r = 0; r < rows; r++) memcpy(result + r * result_stride, source + r * source_stride, columns * sizeof(float));
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void ck_pack_rows(size_t outputs, size_t depth, size_t first, size_t end, const float *weights, float *panels) {
    for (size_t start = first; start < end; start += CK_PANEL)
        transpose(least(outputs - start, CK_PANEL), depth, weights + start * depth, depth, panels + start * depth, CK_PANEL);
}

void ck_pack_columns(size_t outputs, size_t depth, size_t first, size_t end, const float *weights, float *panels) {
    for (size_t start = first; start < end; start += CK_PANEL)
        copy(depth, least(outputs - start, CK_PANEL), weights + start, outputs, panels + start * depth, CK_PANEL);
}

// A kernel does 20 rows at a time. A panel of 2,048 rows fills half of a second-level cache; a transposed factor is turned in
// chunks that stay in the third-level cache.
#define ROWS 20
#define DEPTH 2048
#define CHUNK (50 * ROWS)

// Each thread keeps its panel and its chunk from its first product on.
static _Thread_local float *panel_storage, *chunk_storage;

static float *keep(float **storage, size_t count) {
    if (*storage == NULL) *storage = aligned_alloc(64, count * sizeof(float));
    return *storage;
}

// The kernels for whole and last parts of columns and rows.
typedef struct {
    ck_panel_kernel of[2][2];
} kernels;

// Those that multiply from depth k0 on; 0 where one cannot be made.
static int make_kernels(
    kernels *made, size_t m, size_t n, size_t k, size_t k0, ck_factor a, size_t result_stride, int accumulate) {
    const size_t depth = least(DEPTH, k - k0), widths[2] = {CK_PANEL, n % CK_PANEL}, heights[2] = {ROWS, m % ROWS};
    for (int w = 0; w < 2; w++)
        for (int h = 0; h < 2; h++) {
            made->of[w][h] = NULL;
            if (widths[w] == 0 || widths[w] > n || heights[h] == 0 || heights[h] > m) continue;
            made->of[w][h] = ck_make_panel_kernel(
                widths[w], heights[h], depth, a.transposed ? depth : a.stride, result_stride, accumulate || k0 > 0);
            if (made->of[w][h] == NULL) return 0;
        }
    return 1;
}

int ck_multiply_packing(
    size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate) {
    if (keep(&panel_storage, CK_PANEL * DEPTH) == NULL) return 0;
    if (a.transposed && keep(&chunk_storage, CHUNK * DEPTH) == NULL) return 0;
    // Kernels once made are kept by libxsmm: those for every depth are there before the result is touched.
    kernels made;
    for (size_t k0 = 0; k0 < k; k0 += DEPTH)
        if (!make_kernels(&made, m, n, k, k0, a, result_stride, accumulate)) return 0;
    for (size_t k0 = 0; k0 < k; k0 += DEPTH) {
        const size_t depth = least(DEPTH, k - k0), factor_stride = a.transposed ? depth : a.stride;
        make_kernels(&made, m, n, k, k0, a, result_stride, accumulate);
        for (size_t m0 = 0; m0 < m; m0 += a.transposed ? CHUNK : m) {
            const size_t rows = a.transposed ? least(CHUNK, m - m0) : m;
            const float *factor = chunk_storage;
            if (a.transposed) transpose(depth, rows, a.values + k0 * a.stride + m0, a.stride, chunk_storage, depth);
            else factor = a.values + k0;
            for (size_t n0 = 0; n0 < n; n0 += CK_PANEL) {
                const size_t width = least(CK_PANEL, n - n0);
                if (b.transposed) transpose(width, depth, b.values + n0 * b.stride + k0, b.stride, panel_storage, CK_PANEL);
                else copy(depth, width, b.values + k0 * b.stride + n0, b.stride, panel_storage, CK_PANEL);
                const ck_panel_kernel *kernel = made.of[width < CK_PANEL];
                float *block = result + m0 * result_stride + n0;
                size_t r = 0;
                for (; r + ROWS <= rows; r += ROWS) run(kernel[0], panel_storage, factor + r * factor_stride, block + r * result_stride);
                if (r < rows) run(kernel[1], panel_storage, factor + r * factor_stride, block + r * result_stride);
            }
        }
    }
    return 1;
}
