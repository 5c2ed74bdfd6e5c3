out mat2 turn;
out mat3x2 more;
const float unused = 1.0;
void main() {
    isf_vertShaderInit();
    float s = sin(angle), c = cos(angle);
    turn = mat2(c, s, -s, c);
    more = mat3x2(0.1);
}
