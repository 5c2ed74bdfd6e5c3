/*{ "ISFVSN": "2" }*/
mat3 around_z(float a) { float s = sin(a), c = cos(a); return mat3(c, s, 0, -s, c, 0, 0, 0, 1); }
void main() {
    mat4 m = mat4(1.0);
    m[3] = vec4(0.1, 0.2, 0.3, 1.0);
    m[0][0] = 2.0;
    mat2x3 tall = mat2x3(1, 2, 3, 4, 5, 6);
    mat3x2 wide = transpose(tall);
    mat2 square = wide * tall;
    vec3 p = around_z(TIME) * vec3(isf_FragNormCoord, 1.0);
    p = p * around_z(0.5);
    mat3 inner = mat3(m);
    inner *= 0.5;
    vec2 q = inverse(square) * p.xy;
    gl_FragColor = vec4(inner * p, 1.0) + m * vec4(q, 0.0, 1.0) * determinant(inner) + vec4(tall * q, 0);
}
