/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "angle", "TYPE": "float", "MIN": -3.2, "MAX": 3.2, "DEFAULT": 0.3 } ] }*/
in mat2 turn;
in mat3x2 more;
void main() {
    vec2 p = turn * (isf_FragNormCoord - 0.5) + more * vec3(0.1);
    gl_FragColor = vec4(step(0.0, p), 0.0, 1.0);
}
