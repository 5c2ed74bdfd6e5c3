/*{ "ISFVSN": "2" }*/
const int N = 4;
const vec3 palette[N] = vec3[](vec3(1, 0, 0), vec3(0, 1, 0), vec3(0, 0, 1), vec3(1));
const float kernel[9] = float[9](1., 2., 1., 2., 4., 2., 1., 2., 1.);
const mat3 sobel = mat3(-1, 0, 1, -2, 0, 2, -1, 0, 1);
float table[N * 2];
void main() {
    for (int i = 0; i < N * 2; i++) table[i] = float(i) / 8.0;
    int at = int(isf_FragNormCoord.x * float(N));
    float sum = 0.0;
    for (int i = 0; i < 9; i++) sum += kernel[i] * sobel[i / 3][i % 3];
    vec2 corners[] = vec2[](vec2(0), vec2(1));
    gl_FragColor = vec4(palette[at] * table[at * 2 % 8] + sum, 1.0) + vec4(corners[at & 1], 0., 0.);
}
