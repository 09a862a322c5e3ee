// Products of factors in bfloat16, by tiles: sixteen rows of the first factor, or columns of the second, by 32 steps of the depth. A tile of
// the first factor is [16 rows, 32 steps]; one of the second [16 pairs of steps, 16 columns, 2], which is the first's with pairs transposed.
// Tiles of the same rows, or columns, lie one after the other, `depth` of them; what is beyond an edge is zero.
#pragma once
#include "CKernels.h"

#define TILE_LINES 16
#define TILE_DEPTH 32
#define TILE (TILE_LINES * TILE_DEPTH)
// Rows, and columns, of the block of the result that a kernel does at a time: two tiles by two.
#define BLOCK_LINES (2 * TILE_LINES)

// result [rows, columns] (+)= a · b for up to 32 rows and columns, over `tiles` tiles of both. `a_lines` and `b_lines` are the numbers of values
// from one tile's lines to the next ones'.
typedef void tile_kernel(
    size_t rows, size_t columns, size_t tiles, const uint16_t *a, size_t a_lines, const uint16_t *b, size_t b_lines, float *result,
    size_t result_stride, int accumulate);

#if defined(__x86_64__) && defined(__linux__)
#define HAS_BFLOAT16
tile_kernel ck_matrix_extension_block, ck_dot_block;
// Gives the thread's tile registers back.
void ck_release_matrix_extension(void);
#endif
int ck_has_matrix_extension(void);
int ck_has_dot_instruction(void);
