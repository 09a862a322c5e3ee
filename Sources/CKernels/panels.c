// Products by kernels that libxsmm generates for the shape at hand.
#include <stdlib.h>
#include "CKernels.h"
#include "vector.h"

#ifdef HAS_LIBXSMM
#include <libxsmm.h>

// A kernel for result [rows, width] (+)= factor [rows, depth] · panel [depth, panel_stride]; NULL where none can be made. One that
// prefetches brings the panel that comes next into the second-level cache.
static ck_kernel make_kernel(
    size_t width, size_t rows, size_t depth, size_t panel_stride, size_t factor_stride, size_t result_stride, int accumulate,
    int prefetches) {
    const libxsmm_blasint panel = (libxsmm_blasint)panel_stride, factor = (libxsmm_blasint)factor_stride,
                          result = (libxsmm_blasint)result_stride;
    const float one = 1, beta = accumulate ? 1 : 0;
    const int prefetch = prefetches ? LIBXSMM_GEMM_PREFETCH_AL2 : LIBXSMM_GEMM_PREFETCH_NONE;
    return (ck_kernel)libxsmm_smmdispatch(
        (libxsmm_blasint)width, (libxsmm_blasint)rows, (libxsmm_blasint)depth, &panel, &factor, &result, &one, &beta, NULL, &prefetch);
}

static void run(ck_kernel kernel, const float *panel, const float *factor, float *result, const float *next_panel) {
    ((libxsmm_smmfunction)kernel)(panel, factor, result, next_panel, factor, result);
}
#else
static ck_kernel make_kernel(
    size_t width, size_t rows, size_t depth, size_t panel_stride, size_t factor_stride, size_t result_stride, int accumulate,
    int prefetches) {
    (void)width, (void)rows, (void)depth, (void)panel_stride, (void)factor_stride, (void)result_stride, (void)accumulate, (void)prefetches;
    return NULL;
}

static void run(ck_kernel kernel, const float *panel, const float *factor, float *result, const float *next_panel) {
    (void)kernel, (void)panel, (void)factor, (void)result, (void)next_panel;
}
#endif

int ck_has_kernels(void) { return make_kernel(CK_PANEL, 1, 1, CK_PANEL, 1, CK_PANEL, 0, 0) != NULL; }

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

// result [columns, rows] = source [rows, columns] transposed, in tiles that stay in the first-level cache. The processor does not see
// so many rows coming by itself.
#define TILE 64
#define AHEAD 32
WIDEST static void transpose(
    size_t rows, size_t columns, const float *source, size_t source_stride, float *result, size_t result_stride) {
    for (size_t r0 = 0; r0 < rows; r0 += TILE)
        for (size_t c0 = 0; c0 < columns; c0 += TILE) {
            const size_t r1 = r0 + TILE < rows ? r0 + TILE : rows, c1 = c0 + TILE < columns ? c0 + TILE : columns;
            size_t c = c0;
            for (; c + 8 <= c1; c += 8) {
                size_t r = r0;
                for (; r + 8 <= r1; r += 8) {
                    const float *block = source + r * source_stride + c;
                    for (size_t i = 0; i < 8; i++) __builtin_prefetch(block + i * source_stride + AHEAD);
                    transpose_block(block, source_stride, result + c * result_stride + r, result_stride);
                }
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

// A panel of 1,600 rows, and the one that is brought meanwhile, take less than half of a second-level cache.
#define BLOCK 1600

int ck_make_panels(ck_panels *panels, size_t rows, size_t outputs, size_t depth) {
    *panels = (ck_panels){.rows = rows, .outputs = outputs, .depth = depth};
    const size_t depths[2] = {least(BLOCK, depth), depth % BLOCK}, widths[2] = {least(CK_PANEL, outputs), outputs % CK_PANEL};
    for (int d = 0; d < 2; d++)
        for (int w = 0; w < 2; w++)
            for (int accumulate = 0; accumulate < 2; accumulate++) {
                if (depths[d] == 0 || widths[w] == 0) continue;
                const ck_kernel made = make_kernel(widths[w], rows, depths[d], CK_PANEL, depth, outputs, accumulate, 1);
                if (made == NULL) return 0;
                panels->kernels[d][w][accumulate] = made;
            }
    return 1;
}

static size_t padded(size_t outputs) { return (outputs + CK_PANEL - 1) / CK_PANEL * CK_PANEL; }

size_t ck_packed_count(ck_panels panels) { return padded(panels.outputs) * panels.depth; }

// Where the panel of the outputs from `start` on begins, in the block from depth `k0` on.
static size_t panel_offset(ck_panels panels, size_t k0, size_t start) {
    return padded(panels.outputs) * k0 + start * least(BLOCK, panels.depth - k0);
}

void ck_pack_rows(ck_panels panels, size_t first, size_t end, const float *weights, float *packed) {
    const size_t depth = panels.depth;
    for (size_t k0 = 0; k0 < depth; k0 += BLOCK)
        for (size_t start = first; start < end; start += CK_PANEL)
            transpose(
                least(end - start, CK_PANEL), least(BLOCK, depth - k0), weights + start * depth + k0, depth,
                packed + panel_offset(panels, k0, start), CK_PANEL);
}

void ck_pack_columns(ck_panels panels, size_t first, size_t end, const float *weights, float *packed) {
    const size_t depth = panels.depth, outputs = panels.outputs;
    for (size_t k0 = 0; k0 < depth; k0 += BLOCK)
        for (size_t start = first; start < end; start += CK_PANEL)
            copy(
                least(BLOCK, depth - k0), least(end - start, CK_PANEL), weights + k0 * outputs + start, outputs,
                packed + panel_offset(panels, k0, start), CK_PANEL);
}

void ck_multiply_panels(
    ck_panels panels, size_t first, size_t end, const float *packed, const float *factor, float *result, int accumulate) {
    const size_t depth = panels.depth;
    for (size_t k0 = 0; k0 < depth; k0 += BLOCK) {
        const int is_last_block = depth - k0 < BLOCK;
        for (size_t start = first; start < end; start += CK_PANEL) {
            const int is_last = end - start < CK_PANEL;
            size_t next = panel_offset(panels, k0, start + CK_PANEL);
            if (start + CK_PANEL >= end) next = panel_offset(panels, k0 + BLOCK < depth ? k0 + BLOCK : 0, first);
            run(panels.kernels[is_last_block][is_last][accumulate || k0 > 0], packed + panel_offset(panels, k0, start), factor + k0,
                result + start, packed + next);
        }
    }
}

// A kernel does 20 rows by 64 columns at a time. A panel of 2,048 rows fills half of a second-level cache; a transposed factor is
// turned in chunks that stay in the third-level cache.
#define ROWS 20
#define WIDTH 64
#define DEPTH 2048
#define CHUNK (50 * ROWS)

// Each thread keeps its panel and its chunk from its first product on.
static _Thread_local float *panel_storage, *chunk_storage;

static float *keep(float **storage, size_t count) {
    if (*storage == NULL) *storage = aligned_alloc(64, count * sizeof(float));
    return *storage;
}

size_t ck_scratch_count(size_t m, size_t k) { return WIDTH * DEPTH + least(CHUNK, m) * least(DEPTH, k); }

// The kernels for whole and last parts of columns and rows.
typedef struct {
    ck_kernel of[2][2];
} kernels;

// Those that multiply from depth k0 on; 0 where one cannot be made.
static int make_kernels(
    kernels *made, size_t m, size_t n, size_t k, size_t k0, ck_factor a, size_t result_stride, int accumulate) {
    const size_t depth = least(DEPTH, k - k0), widths[2] = {WIDTH, n % WIDTH}, heights[2] = {ROWS, m % ROWS};
    for (int w = 0; w < 2; w++)
        for (int h = 0; h < 2; h++) {
            made->of[w][h] = NULL;
            if (widths[w] == 0 || widths[w] > n || heights[h] == 0 || heights[h] > m) continue;
            made->of[w][h] = make_kernel(
                widths[w], heights[h], depth, WIDTH, a.transposed ? depth : a.stride, result_stride, accumulate || k0 > 0, 0);
            if (made->of[w][h] == NULL) return 0;
        }
    return 1;
}

int ck_prepare_packing(size_t m, size_t n, size_t k, ck_factor a, size_t result_stride, int accumulate) {
    kernels made;
    for (size_t k0 = 0; k0 < k; k0 += DEPTH)
        if (!make_kernels(&made, m, n, k, k0, a, result_stride, accumulate)) return 0;
    return 1;
}

int ck_multiply_packing(
    size_t m, size_t n, size_t k, ck_factor a, ck_factor b, float *result, size_t result_stride, int accumulate) {
    if (keep(&panel_storage, WIDTH * DEPTH) == NULL) return 0;
    if (a.transposed && keep(&chunk_storage, CHUNK * DEPTH) == NULL) return 0;
    // Those for every depth are there before the result is touched.
    if (!ck_prepare_packing(m, n, k, a, result_stride, accumulate)) return 0;
    kernels made;
    for (size_t k0 = 0; k0 < k; k0 += DEPTH) {
        const size_t depth = least(DEPTH, k - k0), factor_stride = a.transposed ? depth : a.stride;
        make_kernels(&made, m, n, k, k0, a, result_stride, accumulate);
        for (size_t m0 = 0; m0 < m; m0 += a.transposed ? CHUNK : m) {
            const size_t rows = a.transposed ? least(CHUNK, m - m0) : m;
            const float *factor = chunk_storage;
            if (a.transposed) transpose(depth, rows, a.values + k0 * a.stride + m0, a.stride, chunk_storage, depth);
            else factor = a.values + k0;
            for (size_t n0 = 0; n0 < n; n0 += WIDTH) {
                const size_t width = least(WIDTH, n - n0);
                if (b.transposed) transpose(width, depth, b.values + n0 * b.stride + k0, b.stride, panel_storage, WIDTH);
                else copy(depth, width, b.values + k0 * b.stride + n0, b.stride, panel_storage, WIDTH);
                const ck_kernel *kernel = made.of[width < WIDTH];
                float *block = result + m0 * result_stride + n0;
                size_t r = 0;
                for (; r < rows; r += ROWS)
                    run(kernel[rows - r < ROWS], panel_storage, factor + r * factor_stride, block + r * result_stride, panel_storage);
            }
        }
    }
    return 1;
}
